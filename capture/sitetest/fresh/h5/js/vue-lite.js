export const h = (tag, props, ...children) => {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) name === "class" ? (e.className = value) : e.setAttribute(name, value);
  e.append(...children.flat());
  return e;
};
export const mount = (where, node) => { where.replaceChildren(node); return node; };
