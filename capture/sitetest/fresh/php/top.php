<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5">
<link rel="stylesheet" href="/php/樣式.css" charset="big5">
</head><body background="images/bg.gif" topmargin="0">
<table width="100%" background="images/table-bg.gif"><tr><td><img src="images/logo.gif" width="120" height="40"></td>
<td><font color="red">{{marker}} 保證獲利，穩賺不賠</font></td>
<td><img src="/php/cgi-bin/Count.cgi?df=main.dat;dd=A+B&amp;sh=%2B|x" width="60" height="20"></td></tr></table>
<script>document.write('<img src="/php/track.php?ref=' + escape(document.referrer || "無") + '&sw=' + screen.width + '" width="1" height="1">');</script>
</body></html>
