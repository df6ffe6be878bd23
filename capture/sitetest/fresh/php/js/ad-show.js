document.write('<a href="#" onclick="return false"><img src="{{widget}}/open/ad-468x60.gif?cb=20261124" width="468" height="60"></a>');
document.write('<iframe src="{{widget}}/open/ad.html?slot=468x60" width="468" height="60"></iframe>');
