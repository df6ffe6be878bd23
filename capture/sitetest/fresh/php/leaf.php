<html><meta http-equiv="Content-Type" content="text/html; charset=big5"><body background="images/leaf.gif">框中框</body></html>
