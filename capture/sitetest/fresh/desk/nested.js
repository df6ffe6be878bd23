importScripts("lib/c.js");
const third = new Worker("/desk/nested-third.js");
third.onmessage = (e) => postMessage({ c, third: e.data });
