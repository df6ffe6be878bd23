// What must not be shown as it is, is shown as its number: [U+202E]. The rules are those of package casefile/legible, and a test holds them together.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
const heap = /([\p{Mn}\p{Me}]{6})([\p{Mn}\p{Me}]+)/gu;
const number = (c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

// chooses reports whether c is there to choose how base is drawn: as a picture or as a sign, or in which form of a Chinese character.
function chooses(c, base) {
  const n = c.codePointAt(0);
  if (n === 0xfe0e || n === 0xfe0f) return /^[#*\p{Nd}\p{Po}\p{S}]$/u.test(base) && !unseen.test(base);
  return ((n >= 0xfe00 && n <= 0xfe02) || (n >= 0xe0100 && n <= 0xe01ef)) && /^\p{Script=Han}$/u.test(base);
}

// visible is text fit to be shown. In a block line feeds and tabs stay.
function visible(text, block) {
  text = String(text);
  if (block) text = text.replaceAll("\r\n", "\n");
  if (unseen.test(text)) {
    let out = "", base = "";
    for (const c of text) {
      out += !unseen.test(c) || (block && (c === "\n" || c === "\t")) || chooses(c, base) ? c : "[" + number(c) + "]";
      base = c;
    }
    text = out;
  }
  return text.replace(heap, (all, some, rest) => some + "[" + number(rest) + " x" + [...rest].length + "]");
}
