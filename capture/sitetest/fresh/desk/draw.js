onmessage = async (e) => {
  const picture = await createImageBitmap(await (await fetch("/desk/chart.png")).blob());
  e.data.off.getContext("2d").drawImage(picture, 0, 0);
  postMessage("drawn");
};
