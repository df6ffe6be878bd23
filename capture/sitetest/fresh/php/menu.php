<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5">
<script src="js/jq.js"></script><script src="js/empty.js"></script>
</head><body bgcolor="#ffffcc" onload="init()">
<p><a href="#" onclick="top.main.location='main.php?id=8';return false"><img src="images/menu1.gif" border="0"></a></p>
<p><a href="javascript:void(0)" onmouseover="document.images[1].src='images/menu2-over.gif'"><img src="images/menu2.gif" border="0"></a></p>
<form name="login" method="post" action="login.php"><input name="account"><input type="image" src="images/按鈕 登入.gif"></form>
<script>
function init() {
  pre = []; // as page editors write it: pictures for a mouse that may come
  for (var i = 1; i <= 4; i++) { pre[i] = new Image(); pre[i].src = "images/menu" + i + "-over.gif"; }
  $.ajax({ type: "POST", url: "ajax.php?act=news", data: { page: 1, key: "飆股 推薦" }, success: function (t) { $("news").innerHTML = t; } });
  $.jsonp("/php/jsonp.php?callback=show&q=當沖");
}
function show(d) { $("rate").innerHTML = d.rate; }
</script>
<div id="news"></div><div id="rate"></div>
</body></html>
