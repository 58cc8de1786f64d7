// The columns that lists of tracks have in common, and which of them are chosen.

import { h } from "./dom.js";
import { fileName, minus, share, sharps, signed, time } from "./format.js";
import { bar, fact, loudLine, nameOf, playBtn, tagMinis, trackLink } from "./parts.js";
import { chosen } from "./chosen.js";
import { fieldOf, flatTags, groupOf, label, tagOf } from "./tags.js";

const SURE = 0.5; // of tempo and key
const KEPT = "earmark.columns"; // in the browser

const isSure = (x) => !x || x.corrected || x.confidence >= SURE;
export const bpm = (x) => fact(x.tempo && x.tempo.bpm ? Math.round(x.tempo.bpm) : null, isSure(x.tempo));
export const camelot = (x) => h("span", { title: x.key ? sharps(x.key.name) : null }, fact(x.key && x.key.camelot, isSure(x.key)));
const withBar = (value, props = {}) => h("span", { class: "en" }, bar(value, { group: "scale", ...props }), h("span", { class: "num" }, share(value)));
const energy = (x) => (x.energy ? withBar(x.energy.value) : fact(null));
const isKnown = (value) => value !== null && value !== undefined;
const number = (value, write = minus) => fact(isKnown(value) ? write(value) : null);
const text = (value) => h("span", { class: value ? "cut" : "dim", dir: "auto", title: value || null }, value || "–");

const pickAll = (choose) => h("input", { type: "checkbox", "aria-label": "Choose all that are listed", on: { change: (event) => choose.all(event.target.checked) } });
export const pickColumn = (choose) => ({ name: "Choose", cls: "c-pick", hidden: true, head: pickAll(choose), cell: (x) => h("input", { type: "checkbox", checked: chosen.has(x.track_id), "aria-label": `Choose ${nameOf(x)}`, on: { click: (event) => event.shiftKey && choose.through(x, event.target.checked), change: (event) => choose(x, event.target.checked) } }) });

/** What can be chosen beside the title; field: by which the API sorts. */
const CHOICES = [
  { id: "loudness_curve", name: "Loudness over time", cls: "c-wave", hidden: true, cell: (x) => loudLine(x) },
  { id: "tags", name: "Tags", cls: "c-tags", cell: (x) => tagMinis(x) },
  { id: "tempo", name: "BPM", cls: "r c-tempo", sort: "tempo", cell: bpm },
  { id: "camelot", name: "Key", cls: "r c-key", sort: "camelot", cell: camelot },
  { id: "energy", name: "Energy", cls: "r c-energy", sort: "energy", cell: energy },
  { id: "loudness", name: "LUFS", cls: "r c-lufs", sort: "loudness", cell: (x) => number(x.loudness && x.loudness.integrated_lufs) },
  { id: "duration", name: "Length", cls: "r c-length", sort: "duration", cell: (x) => h("span", { class: "num" }, time(x.duration)) },
  { id: "artist", name: "Artist", cls: "c-text", sort: "artist", cell: (x) => text(x.artist) },
  { id: "album", name: "Album", cls: "c-text", sort: "album", cell: (x) => text(x.album) },
  { id: "year", name: "Year", cls: "r c-own", sort: "year", cell: (x) => number(x.year, String) },
  { id: "metre", name: "Metre", cls: "r c-own", sort: "metre", cell: (x) => fact(x.tempo && x.tempo.metre) },
  { id: "tempo_confidence", name: "BPM, how sure", cls: "r c-wide", sort: "tempo_confidence", cell: (x) => number(x.tempo && x.tempo.confidence, share) },
  { id: "key_confidence", name: "Key, how sure", cls: "r c-wide", sort: "key_confidence", cell: (x) => number(x.key && x.key.confidence, share) },
  { id: "loudness_range", name: "Range, LU", cls: "r c-wide", sort: "loudness_range", cell: (x) => number(x.loudness && x.loudness.range_lu) },
  { id: "true_peak", name: "Peak, dBTP", cls: "r c-wide", sort: "true_peak", cell: (x) => number(x.loudness && x.loudness.true_peak_dbtp) },
  { id: "replaygain", name: "Gain, dB", cls: "r c-wide", sort: "replaygain", cell: (x) => number(x.loudness && x.loudness.replaygain_db, signed) },
  { id: "path", name: "File", cls: "c-text", cell: (x) => text(x.path && fileName(x.path)) },
];
export const DEFAULT = CHOICES.slice(0, 7).map((x) => x.id);
/** What of a track the columns read. */
export const PARTS = ["path", "title", "artist", "album", "year", "duration", "tags", "tempo", "key", "energy", "loudness"];

/** How likely a tag is in each track: name is group/tag. */
const tagColumn = (name) => ({ id: name, name: label(tagOf(name)), cls: "r c-wide", sort: fieldOf(name), cell: (x) => { const tag = flatTags(x).find((t) => t.name === name); return tag ? withBar(tag.probability, { group: groupOf(name), sure: tag.sure }) : fact(null); } });
export const nameOfColumn = (id) => choice(id).name;
const choice = (id) => CHOICES.find((x) => x.id === id) || tagColumn(id);

/** All that there are in a catalogue: those of every list, then the tags, as ids. */
export const offered = (known) => ({ facts: CHOICES.filter((x) => !x.sort || known.fields[x.sort]).map((x) => x.id), tags: Object.keys(known.facts).filter((name) => known.fields[fieldOf(name)]) });

/** The columns that an address asks for, or that this browser remembers; null: the usual ones. */
export function wantedColumns(asked, known) {
  const { facts, tags } = offered(known), there = new Set([...facts, ...tags]);
  const found = [...new Set((asked ?? remembered() ?? "").split(","))].filter((x) => there.has(x));
  return found.length ? found : null;
}
function remembered() {
  try { return localStorage.getItem(KEPT); } catch { return null; }
}
/** Remember a choice; null forgets it. */
export function remember(ids) {
  try { ids ? localStorage.setItem(KEPT, ids.join(",")) : localStorage.removeItem(KEPT); } catch { /* storage is off: the address holds it */ }
}

/** list(): what "next" goes through; choose(track, on): it was ticked; ids: null for the usual columns. */
export function columns(list, choose, ids = null) {
  return [
    pickColumn(choose),
    { name: "Play", cls: "c-play", hidden: true, cell: (x) => playBtn(x, { list }) },
    { name: "Track", cls: "c-title", sort: "title", cell: trackLink },
    ...(ids || DEFAULT).map(choice),
  ];
}

/** A whole table of some hundred tracks at most; after(track): an element that stands above its row, or null. */
export function shortTable(label, parts, items, { above = () => null, row = () => null } = {}) {
  const head = parts.map((x) => h("th", { scope: "col", class: x.cls }, x.head || (x.hidden ? h("span", { class: "sr" }, x.name) : x.name)));
  const rows = items.map((x) => {
    const el = h("tr", { data: { row: x.track_id }, class: chosen.has(x.track_id) ? "is-picked" : "" }, parts.map((part) => h("td", { class: part.cls }, part.cell(x))));
    row(el, x);
    return [above(x), el];
  });
  return h("table", { class: "tbl list", "aria-label": label }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
}
