const a = 1; importScripts("/desk/lib/a-inner.js");
