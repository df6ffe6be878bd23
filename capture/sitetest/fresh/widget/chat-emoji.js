export async function emoji(box) {
  const list = await (await fetch(new URL("emoji.json", import.meta.url))).json();
  for (const name of list) {
    const img = new Image(24, 24);
    img.src = new URL(`emoji/${encodeURIComponent(name)}.png`, import.meta.url);
    box.append(img);
  }
}
