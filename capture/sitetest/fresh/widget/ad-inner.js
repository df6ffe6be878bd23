document.write('<img src="creative.webp?slot=' + new URLSearchParams(location.search).get("slot") + '" width="468" height="60">');
