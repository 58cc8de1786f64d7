// Elements. Text is always text: nothing here reads markup, so that a title made of tags stays a title.

const SVG = "http://www.w3.org/2000/svg"; // a name, not an address: nothing is loaded from it

const AS_PROPERTY = new Set(["value", "checked", "indeterminate", "selected"]);

function set(el, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") for (const [event, act] of Object.entries(value)) el.addEventListener(event, act);
  else if (name === "vars") for (const [key, x] of Object.entries(value)) el.style.setProperty(key, x);
  else if (name === "data") Object.assign(el.dataset, value);
  else if (AS_PROPERTY.has(name)) el[name] = value;
  else el.setAttribute(name, value === true ? "" : value);
}

/** Append children: nodes, texts, nested lists; null and false are left out. */
export function add(el, ...kids) {
  for (const kid of kids.flat(Infinity)) {
    if (kid !== null && kid !== undefined && kid !== false) el.append(kid.nodeType ? kid : String(kid));
  }
  return el;
}

function made(el, props, kids) {
  for (const [name, value] of Object.entries(props || {})) set(el, name, value);
  return add(el, kids);
}

/** An HTML element; `on` holds listeners, `vars` custom properties, `data` data attributes. */
export const h = (tag, props, ...kids) => made(document.createElement(tag), props, kids);
/** An SVG element. */
export const s = (tag, props, ...kids) => made(document.createElementNS(SVG, tag), props, kids);
export const $ = (query, el = document) => el.querySelector(query);
export const $$ = (query, el = document) => [...el.querySelectorAll(query)];
/** Replace what an element holds. */
export function fill(el, ...kids) {
  el.replaceChildren();
  return add(el, kids);
}
export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
export const sr = (text) => h("span", { class: "sr" }, text);
/** The value of a custom property, as colours and sizes stand in tokens.css. */
export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

let hiding;
/** Tell the user something, shown and spoken; `undo` adds a button that takes it back. */
export function say(text, undo) {
  const place = $("#toasts");
  const off = () => fill(place);
  const button = undo && h("button", { type: "button", class: "btn quiet", on: { click: () => { off(); undo(); } } }, "Undo");
  $("#live").textContent = text;
  fill(place, h("div", { class: "toast" }, h("span", {}, text), button));
  clearTimeout(hiding);
  hiding = setTimeout(off, undo ? 12000 : 5000);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("The browser did not allow copying");
  }
}
