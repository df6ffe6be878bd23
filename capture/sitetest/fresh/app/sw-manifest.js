self.precache = ["/app/shell.css", "/app/shell.js", "/app/stale.json", "/app/icon.png", "/app/texts/utf8-cut.txt", "/app/texts/big5.txt", "/app/texts/bom.txt", "/app/texts/nul.txt", "/app/texts/utf16.txt"];
self.more = ["/app/lesson/1.html", "/app/lesson/2.html", "/app/lesson/課程 三.html", "/app/lesson/4.json", "/app/lesson/5.png", "/app/moved"];
