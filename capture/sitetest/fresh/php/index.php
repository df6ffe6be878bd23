<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=big5">
<TITLE>鴻運投資顧問 會員專區</TITLE>
<SCRIPT LANGUAGE="JavaScript" SRC="/php//js/common.js"></SCRIPT>
</HEAD>
<FRAMESET ROWS="110,*" FRAMEBORDER="0" BORDER="0">
<FRAME SRC="top.php?sid=a+b;lang=tw" NAME="top" SCROLLING="no">
<FRAMESET COLS="180,*">
<FRAME SRC="menu.php" NAME="menu">
<FRAME SRC="main.php?cat=投資專區&id=7" NAME="main">
</FRAMESET>
<NOFRAMES><BODY>{{marker}} 您的瀏覽器不支援框架。</BODY></NOFRAMES>
</FRAMESET>
</HTML>
