// 共用函式
function openWin(u) { window.open(u, "", "width=400,height=300"); return false; }
document.write("<SCRIPT SRC='/php/js/browser.js'><\/SCRIPT>");
