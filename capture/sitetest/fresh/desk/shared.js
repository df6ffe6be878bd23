importScripts("/desk/lib/shared-part.js");
onconnect = (e) => {
  const port = e.ports[0];
  port.onmessage = async () => {
    port.postMessage(part);
    port.postMessage(await (await fetch("/desk/api/shared?cut=1")).text());
    port.postMessage((await (await fetch("/desk/api/shared.bin")).arrayBuffer()).byteLength);
  };
};
