// Finds tracks by words while they are typed, and hands on the one that is chosen.

import { post } from "./api.js";
import { fill, h } from "./dom.js";
import { btn, nameOf, trackLink } from "./parts.js";

const WAIT = 200; // milliseconds after the last letter
const SHOWN = 6;

/** pick(track, sign): +1 more like it, -1 less like it. `both`: offer the minus too. */
export function finder(label, pick, both = true) {
  const input = h("input", { type: "text", placeholder: "Add a track…", "aria-label": label, spellcheck: "false" }), list = h("ul", { class: "options" }, []), box = h("div", { class: "finder" }, input, list);
  list.hidden = true;
  const more = (x) => btn(`More like ${nameOf(x)}`, { icon: "plus", only: true, kind: "tiny", on: () => pick(x, 1) });
  const less = (x) => btn(`Less like ${nameOf(x)}`, { icon: "minus", only: true, kind: "tiny", on: () => pick(x, -1) });
  const find = async () => {
    const text = input.value.trim(), found = text ? await post("/tracks/search", { q: text, limit: SHOWN, fields: ["title", "artist", "path"] }).catch(() => ({ items: [] })) : { items: [] };
    fill(list, found.items.map((x) => h("li", {}, trackLink(x), more(x), both ? less(x) : null)), !found.items.length && text ? h("li", {}, "Nothing fits") : null);
    list.hidden = !list.childElementCount;
  };
  let timer;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, WAIT); });
  box.addEventListener("focusout", (event) => { if (!box.contains(event.relatedTarget)) list.hidden = true; });
  return box;
}
