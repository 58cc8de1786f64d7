// The columns that lists of tracks have in common.

import { h } from "./dom.js";
import { minus, share, sharps, time } from "./format.js";
import { bar, fact, loudLine, nameOf, playBtn, tagMinis, trackLink } from "./parts.js";
import { chosen } from "./chosen.js";

const SURE = 0.5; // of tempo and key

const isSure = (x) => !x || x.corrected || x.confidence >= SURE;
export const bpm = (x) => fact(x.tempo && x.tempo.bpm ? Math.round(x.tempo.bpm) : null, isSure(x.tempo));
export const camelot = (x) => h("span", { title: x.key ? sharps(x.key.name) : null }, fact(x.key && x.key.camelot, isSure(x.key)));
const energy = (x) => (x.energy ? h("span", { class: "en" }, bar(x.energy.value, { group: "scale" }), h("span", { class: "num" }, share(x.energy.value))) : fact(null));
const lufs = (x) => fact(x.loudness && x.loudness.integrated_lufs !== null ? minus(x.loudness.integrated_lufs) : null);

export const pickColumn = (choose) => ({ name: "Choose", cls: "c-pick", hidden: true, cell: (x) => h("input", { type: "checkbox", checked: chosen.has(x.track_id), "aria-label": `Choose ${nameOf(x)}`, on: { change: (event) => choose(x, event.target.checked) } }) });

/** list(): what "next" goes through; choose(track, on): it was ticked. */
export function columns(list, choose) {
  return [
    pickColumn(choose),
    { name: "Play", cls: "c-play", hidden: true, cell: (x) => playBtn(x, { list }) },
    { name: "Track", cls: "c-title", sort: "title", cell: trackLink },
    { name: "Loudness over time", cls: "c-wave", hidden: true, cell: (x) => loudLine(x) },
    { name: "Tags", cls: "c-tags", cell: (x) => tagMinis(x) },
    { name: "BPM", cls: "r c-tempo", sort: "tempo", cell: bpm },
    { name: "Key", cls: "r c-key", sort: "camelot", cell: camelot },
    { name: "Energy", cls: "r c-energy", sort: "energy", cell: energy },
    { name: "LUFS", cls: "r c-lufs", sort: "loudness", cell: lufs },
    { name: "Length", cls: "r c-length", sort: "duration", cell: (x) => h("span", { class: "num" }, time(x.duration)) },
  ];
}

/** A whole table of some hundred tracks at most; after(track): an element that stands above its row, or null. */
export function shortTable(label, parts, items, { above = () => null, row = () => null } = {}) {
  const head = parts.map((x) => h("th", { scope: "col", class: x.cls }, x.hidden ? h("span", { class: "sr" }, x.name) : x.name));
  const rows = items.map((x) => {
    const el = h("tr", { data: { row: x.track_id }, class: chosen.has(x.track_id) ? "is-picked" : "" }, parts.map((part) => h("td", { class: part.cls }, part.cell(x))));
    row(el, x);
    return [above(x), el];
  });
  return h("table", { class: "tbl list", "aria-label": label }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}
