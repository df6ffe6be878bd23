// Not jQuery, but asked for in its way.
function $(id) { return document.getElementById(id); }
$.param = function (o) { var a = []; for (var k in o) a.push(encodeURIComponent(k) + "=" + encodeURIComponent(o[k]).replace(/%20/g, "+")); return a.join("&"); };
$.ajax = function (o) {
  var x = new XMLHttpRequest();
  x.open(o.type, o.url, true);
  x.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  if (o.type === "POST") x.setRequestHeader("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
  x.onreadystatechange = function () { if (x.readyState === 4) o.success(x.responseText); };
  x.send(o.data ? $.param(o.data) : null);
};
$.jsonp = function (url) { var s = document.createElement("script"); s.src = url; s.charset = "big5"; document.getElementsByTagName("head")[0].appendChild(s); };
