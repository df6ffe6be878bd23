document.write('<script src="/php/js/ad-show.js?size=468x60"><\/script>');
