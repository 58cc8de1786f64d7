// A playlist as a file for players: where they find the folders of this machine, and how many files are found there.

import { BASE, get } from "./api.js";
import { catalogue } from "./catalogue.js";
import { fill, h } from "./dom.js";
import { many } from "./format.js";
import { menu } from "./parts.js";

const FORMATS = [["m3u8", "M3U8"], ["xspf", "XSPF"], ["jspf", "JSPF"], ["csv", "CSV"], ["json", "JSON"], ["rekordbox", "rekordbox XML"]];
const KEPT = "earmark.roots"; // in the browser: folder here -> folder there
const SETTLE = 300; // milliseconds after the last letter
const NAMED = 3; // of the files that are not found

/** The menu of a playlist's exports; path: of its resource. */
export function exportMenu(path) {
  const kept = read(), links = h("div", { class: "row" }), places = h("div", { class: "stack tight" }), says = h("p", { class: "cap", role: "status" });
  let timer, roots = [];
  const query = () => (roots.some(([, there]) => there) ? roots.map(([here, there]) => `root=${encodeURIComponent(`${here}=${there || here}`)}`).join("&") : "");
  const offer = () => fill(links, FORMATS.map(([format, text]) => h("a", { class: "btn tiny", href: `${BASE}${path}/export?format=${format}${query() ? `&${query()}` : ""}`, download: "" }, text)));
  const look = async () => {
    try { fill(says, told(await get(`${path}/places?${query()}`))); } catch (error) { fill(says, `${error.message} ${error.remedy}`); }
  };
  const changed = () => { offer(); write(roots); clearTimeout(timer); timer = setTimeout(look, SETTLE); };
  const place = (here, i) => { const input = h("input", { type: "text", value: kept[here] || "", placeholder: here, spellcheck: "false", "aria-label": `Where the player finds ${here}`, on: { input: () => { roots[i][1] = input.value.trim(); changed(); } } }); return h("label", { class: "field" }, h("span", {}, h("code", {}, here), " is there"), input); };
  const box = menu("Export", h("p", { class: "cap" }, "Another program may know the folders by other names."), places, says, links);
  const open = async () => {
    const known = await catalogue().catch(() => ({ roots: [] }));
    roots = known.roots.map((here) => [here, kept[here] || ""]);
    fill(places, known.roots.map(place));
    offer();
    look();
  };
  box.addEventListener("toggle", () => box.open && open());
  box.classList.add("exports");
  offer();
  return box;
}

function told({ tracks, found, missing }) {
  const names = missing.slice(0, NAMED).map((x) => h("li", {}, h("code", {}, x)));
  return [h("b", { class: found === tracks ? "good" : "bad" }, `${found} of ${many(tracks, "file")} found there`), missing.length ? h("ul", {}, names, missing.length > NAMED ? h("li", {}, `and ${missing.length - NAMED} more`) : null) : null];
}

function read() {
  try { return JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { return {}; }
}
function write(roots) {
  try { localStorage.setItem(KEPT, JSON.stringify({ ...read(), ...Object.fromEntries(roots) })); } catch { /* storage is off: it holds until the page is closed */ }
}
