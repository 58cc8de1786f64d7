// What a text means and which tracks sound so: what was understood, the line of chance, the passage that fits best.

import { post } from "../api.js";
import { columns, shortTable } from "../columns.js";
import { add, fill, h } from "../dom.js";
import { many, share, time } from "../format.js";
import { icon, shape } from "../icons.js";
import { bar, btn, empty, nameOf, playBtn, playable } from "../parts.js";
import { player } from "../player.js";
import { groupOf, label, tagOf } from "../tags.js";

const COUNT = 100;
const LEAST = 0.1; // weight of a concept that is shown
const STEP = 1.5; // what + and - multiply a weight by

export const MODES = [["words", "Words"], ["sound", "Sound"], ["both", "Both"]];

/** "mood/calmness:1,voice/vocals:-1" as an object, and back. */
export const readWeights = (text) => Object.fromEntries((text || "").split(",").map((x) => x.split(":")).filter(([name, w]) => name.includes("/") && +w).map(([name, w]) => [name, +w]));
export const writeWeights = (weights) => Object.entries(weights).map(([name, w]) => `${name}:${+w.toFixed(2)}`).join(",");

export const askMeaning = ({ words, filter, weights, by }, signal) => post("/search", { text: words, tags: weights, filter, by, limit: COUNT }, signal);

/** Chips of what was understood; change(words, weights) asks anew. */
export function understoodChips(understood, words, change) {
  const { concepts, against = [], chips = [] } = understood;
  const cut = ({ start, end }) => change(`${words.slice(0, start)} ${words.slice(end)}`.replace(/\s+/g, " ").trim(), null);
  const facts = chips.map((x) => h("span", { class: `chip ${x.kind === "not" ? "is-not" : ""}` }, h("span", { class: "cap" }, x.kind), h("b", { dir: "auto" }, labelled(x.label.replace(`${x.kind} `, ""))), remove(x.label, () => cut(x))));
  const named = new Set(chips.filter((x) => x.kind === "not").map((x) => x.label.replace(/^not /, "")));
  const shown = [...concepts.filter((x) => x.weight >= LEAST), ...against.filter((x) => !named.has(x.name))];
  const weighted = (name, by) => change(chips.map((x) => words.slice(x.start, x.end)).join(", "), weightsWith([...concepts, ...against.filter((x) => !named.has(x.name))], name, by));
  return [...shown.map((x) => conceptChip(x, weighted)), ...facts];
}
const labelled = (text) => text.replace(/[a-z]+\/([\w& ]+)/, (_, tag) => label(tag));
const remove = (what, on) => btn(`Remove ${what}`, { icon: "x", only: true, kind: "quiet tiny", on });

/** The concepts as weights, one of them times `by`; 0 leaves it out. */
function weightsWith(all, name, by) {
  const kept = all.filter((x) => Math.abs(x.weight) >= LEAST).map((x) => [x.name, x.name === name ? x.weight * by : x.weight]);
  return Object.fromEntries(kept.filter(([, w]) => w !== 0));
}
function conceptChip({ name, weight }, weighted) {
  const text = label(tagOf(name));
  return h("span", { class: `chip ${weight < 0 ? "is-not" : ""}` }, shape(groupOf(name), 10), weight < 0 ? h("span", {}, "not") : null, h("b", {}, text), h("span", { class: "num cap" }, Math.abs(weight).toFixed(1)),
    h("span", { class: "weigh" }, btn(`Less of ${text}`, { icon: "minus", only: true, kind: "quiet tiny", on: () => weighted(name, 1 / STEP) }), btn(`More of ${text}`, { icon: "plus", only: true, kind: "quiet tiny", on: () => weighted(name, STEP) }), remove(text, () => weighted(name, 0))));
}

const passagesOf = (x) => (x.passages || []).map(({ start, end }) => ({ start, end, name: "fits best" }));

function matchCell(x) {
  const [passage] = passagesOf(x), hear = () => player.load(playable(x), { play: true, passages: passagesOf(x) });
  const score = x.by === "words" || x.score === undefined ? h("span", { class: "pill" }, "by name") : [h("span", { class: "num" }, share(x.score)), bar(Math.max(0, x.score), { sure: !x.chance })];
  return h("span", { class: "match" }, h("span", { class: "sim" }, score), passage ? btn(`${time(passage.start)}–${time(passage.end)}`, { icon: "play", kind: "tiny quiet num", title: `Play the passage of ${nameOf(x)} that fits best`, on: hear }) : null);
}

const chanceRow = (n) => h("tr", { class: "chance" }, h("td", { colspan: n }, h("span", {}, icon("alert", 14), h("b", {}, "The line of chance."), " What stands below fits no better than tracks taken blindly.")));

/** The table of hits; those below the line of chance are drawn otherwise. */
export function meaningTable(root, items, choose) {
  const list = () => items, all = columns(list, choose).filter((x) => !["c-wave", "r c-energy", "r c-lufs"].includes(x.cls));
  const parts = [...all.map((x) => (x.cls === "c-play" ? { ...x, cell: (t) => playBtn(t, { list, passages: passagesOf(t).length ? passagesOf(t) : undefined }) } : x)), { name: "Match", cls: "c-match", cell: matchCell }];
  const first = items.find((x) => x.chance);
  const table = shortTable("Tracks that fit", parts, items, { above: (x) => (x === first ? chanceRow(parts.length) : null), row: (el, x) => el.classList.toggle("is-chance", Boolean(x.chance)) });
  table.classList.add("fits");
  add(root, table);
  const line = table.querySelector(".chance td"), shown = [...table.querySelectorAll("th")].filter((x) => x.offsetWidth).length;
  if (line) line.colSpan = shown; // more than there are would make columns
}

/** "12 tracks above the line of chance, 88 below". */
export function foundText(items) {
  const below = items.filter((x) => x.chance).length;
  return `${many(items.length - below, "track")} above the line of chance${below ? `, ${below} below` : ""}`;
}

export const nothing = (understood) => empty("Nothing fits", understood.concepts.length ? "No track fits the facts and filters of the question." : "Nothing of this was understood as a sound, and no name has it.");
export const notes = (root, understood, missed) => fill(root, [understood.note, missed && missed.length ? `No track fits ${missed.join(", ")}; it was left out.` : ""].filter(Boolean).map((x) => h("p", { class: "cap row" }, icon("alert", 14), x)));
