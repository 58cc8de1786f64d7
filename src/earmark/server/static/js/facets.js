// The rail beside a list: how the values of fields are spread, each a filter that is written into the search box.

import { brush } from "./brush.js";
import { h } from "./dom.js";
import { icon, shape } from "./icons.js";
import { label } from "./tags.js";
import { replaced, toggled, written } from "./question.js";

export const FIELDS = ["genre", "tags", "tempo", "energy", "camelot", "year", "artist"];
const NAMES = { tags: "Tags that are sure", camelot: "Key", tempo: "Tempo", genre: "Genre", year: "Year", artist: "Artist", energy: "Energy" };
const GROUP = { genre: "genre", tags: "mood", energy: "scale" };
const SHOWN = 8;

/** The rail; text: the question, change(text): ask another one, isOpen: remembered across repaints. */
export function rail(facets, text, tokens, change, shut) {
  return FIELDS.filter((name) => facets[name]).map((name) => block(name, facets[name], text, tokens, change, shut));
}

function block(name, facet, text, tokens, change, shut) {
  const chosen = tokens.filter((x) => x.field === name && !x.not), open = !shut.has(name);
  const inside = facet.values ? valueList(name, facet, text, chosen, change) : histogram(name, facet, text, chosen, change);
  const toggle = (event) => (event.target.open ? shut.delete(name) : shut.add(name));
  const n = chosen.length ? h("span", { class: "pill" }, chosen.length) : null;
  const number = GROUP[name] ? shape(GROUP[name], 11) : icon("list", 11);
  return h("details", { class: "facet", open, on: { toggle } }, h("summary", {}, number, h("h2", {}, NAMES[name]), n, icon("down", 12)), inside);
}

function valueList(name, { values, missing }, text, chosen, change) {
  const known = values.filter((x) => x.value !== ""), lost = chosen.filter((x) => x.value !== "unsure" && !known.some((v) => v.value === x.value));
  const all = [...known.slice(0, SHOWN), ...known.slice(SHOWN).filter((x) => chosen.some((c) => c.value === x.value)), ...lost.map((x) => ({ value: x.value, count: 0 }))];
  const rows = all.map((x) => ({ ...x, filter: written(name, x.value), text: name === "genre" || name === "tags" ? label(x.value) : x.value }));
  if (name === "genre" && missing) rows.push({ value: "unsure", count: missing, filter: written(name, "unsure"), text: "unsure", isUnsure: true });
  const top = Math.max(1, ...rows.map((x) => x.count));
  return rows.length ? h("ul", {}, rows.map((x) => valueRow(x, top, chosen, name, text, change))) : h("p", { class: "cap" }, "No track has one.");
}

function valueRow({ value, count, filter, text: shown, isUnsure }, top, chosen, name, text, change) {
  const on = chosen.some((x) => x.value === value), ours = chosen.find((x) => x.value === value);
  const box = h("input", { type: "checkbox", checked: on, data: { facet: filter }, on: { change: () => change(toggled(text, ours ? ours.text : filter)) } });
  return h("li", { class: isUnsure ? "is-unsure" : "" }, h("label", { class: "check" }, box, h("span", { dir: "auto" }, shown), h("i", { class: "cnt", vars: { "--p": count / top } }), h("span", { class: "num dim" }, count)));
}

const rounded = (x, name) => (name === "energy" ? Math.round(x * 100) / 100 : Math.round(x));

function histogram(name, { edges, counts }, text, chosen, change) {
  if (!counts.length) return h("p", { class: "cap" }, "No track has one.");
  const top = Math.max(...counts, 1), low = rounded(edges[0], name), high = rounded(edges.at(-1), name);
  const [from, to] = chosen[0] && chosen[0].condition.op === "between" ? chosen[0].condition.value : ["", ""];
  const range = (a, b) => change(replaced(text, name, a === "" && b === "" ? "" : written(name, `${a === "" ? low : a}..${b === "" ? high : b}`)));
  const press = (i) => range(rounded(edges[i], name), rounded(edges[i + 1], name));
  const bars = counts.map((n, i) => h("i", { vars: { "--p": n / top }, title: `${rounded(edges[i], name)} to ${rounded(edges[i + 1], name)}: ${n}`, on: { click: () => press(i) } }));
  const input = (value, place, what) => h("input", { type: "number", step: "any", value, placeholder: place, "aria-label": `${what} ${NAMES[name].toLowerCase()}`, data: { facet: what + name } });
  const a = input(from, low, "Lowest"), b = input(to, high, "Highest");
  [a, b].forEach((x) => x.addEventListener("change", () => range(a.value, b.value)));
  const histo = h("div", { class: "histo", "aria-hidden": "true" }, bars), tell = (i, j) => { a.value = i === null ? from : rounded(edges[i], name); b.value = i === null ? to : rounded(edges[j + 1], name); };
  brush(histo, bars, { tell, take: (i, j) => range(rounded(edges[i], name), rounded(edges[j + 1], name)) });
  return [histo, h("div", { class: "row nowrap" }, a, h("span", { class: "cap" }, "to"), b)];
}
