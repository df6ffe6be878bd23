<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5"><title>投資專區</title>
<script src="js/jq.js"></script>
<script>
document.write("<scr" + "ipt src='js/ad.js?zone=7'></scr" + "ipt>");
var x = new XMLHttpRequest();
x.open("GET", "ajax.php?act=rate;id=3", false); // the page waits
x.send(null);
document.write("<p>今日匯率：" + x.responseText + "</p>");
</script>
</head><body>
<h2>{{marker}} 老師帶單，入金帳號 012-3456789012</h2>
<img src="images/圖片 一.gif"><img src="images/%B9%CF%A4G.gif"><img src="/php///images//slash.gif"><img src="images/./dot/../plain.gif">
<img src="old/banner.gif"><img src="images/gone.gif"><img src="go.php?u=away">
<object data="notice.txt" type="text/plain" width="400" height="80"></object>
<embed src="images/seal.svg" type="image/svg+xml" width="80" height="80">
<marquee><img src="images/new.gif">限時名額</marquee>
<script>
var files = ["log.txt", "utf16.txt", "cut.txt", "none.txt"];
for (var i in files) (function (name) { $.ajax({ type: "GET", url: name, success: function (t) { $("out").innerHTML += name + " " + t.length + "<br>"; } }); })(files[i]);
$.ajax({ type: "POST", url: "moved.php", data: { a: "1+1=2", b: "空 白" }, success: function (t) { $("out").innerHTML += t; } });
</script>
<div id="out"></div>
<iframe src="inner.php?no=1" width="300" height="120"></iframe>
</body></html>
