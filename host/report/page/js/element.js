// Elements with text. Nothing here turns text into markup: what stands in the data stays text.

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const element = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const drawn = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// A name from the data, which may run from right to left: it does not turn what stands beside it.
const named = (text, attributes) => element("bdi", attributes, String(text));

const seriesName = (one) => [named(one.key, { class: "key" }), " ", named(one.field, { class: "field" })];

// A labelled number: the label above, the number below, and what explains it in small.
const fact = (label, value, note) =>
  element(
    "div",
    { class: "fact" },
    element("dt", null, label),
    element("dd", null, value, note ? element("small", null, note) : null),
  );
const facts = (...all) => element("dl", { class: "facts" }, all);

const section = (id, title, ...children) =>
  element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), children);

// Adds those of the children that are there.
const put = (node, ...children) => fill(node, null, children);

// The value of one of the page's colours, as the theme has it now.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
