var isIE = !!document.all, isNS = !!document.layers;
