// Which columns a list shows: ticked in a menu, tags by their names; they stand in the order in which they were chosen.

import { fill, h } from "./dom.js";
import { nameOfColumn, offered } from "./columns.js";
import { btn, menu, tagList } from "./parts.js";
import { tagCalled } from "./tags.js";

/** shown(): ids of the columns that are seen now; change(ids): others, null for the usual ones. */
export function columnMenu(known, shown, change) {
  const { facts, tags } = offered(known), list = h("div", { class: "columnlist" });
  const toggle = (id, on) => { const rest = shown().filter((x) => x !== id); change(on ? [...rest, id] : rest); };
  const check = (id, now) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: now.includes(id), data: { column: id }, on: { change: (event) => toggle(id, event.target.checked) } }), h("span", {}, nameOfColumn(id)));
  const paint = () => { const now = shown(); fill(list, [...facts, ...now.filter((x) => tags.includes(x))].map((id) => check(id, now))); };
  const panel = menu("Columns", list, adder(tags, (id) => { toggle(id, true); paint(); }), btn("The usual ones", { kind: "quiet tiny", icon: "undo", on: () => { change(null); paint(); } }));
  panel.classList.add("columns");
  panel.addEventListener("toggle", () => panel.open && paint());
  return panel;
}

/** A tag, by its name or as group/tag. */
function adder(tags, take) {
  const input = h("input", { type: "text", list: "columntags", required: true, placeholder: "A tag", "aria-label": "A tag as a column", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    const asked = input.value.trim().toLowerCase(), name = tagCalled(tags, asked);
    input.setCustomValidity(name ? "" : "Choose one of the tags of this catalogue");
    if (!name) return input.reportValidity();
    input.value = "";
    take(name);
  };
  input.addEventListener("input", () => input.setCustomValidity(""));
  return h("form", { class: "row nowrap", on: { submit } }, input, tagList("columntags", tags), btn("Add", { type: "submit" }));
}
