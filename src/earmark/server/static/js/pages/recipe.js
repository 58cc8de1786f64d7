// The form of a playlist's recipe; it reads and writes the JSON of docs/playlists.md.

import { fill, h } from "../dom.js";
import { finder } from "../finder.js";
import { btn, nameOf } from "../parts.js";

const ORDERS = [["similarity", "each like the one before"], ["harmonic", "neighbours that mix"], ["tempo", "along a line of tempo"], ["energy", "along a curve of energy"], ["shuffle", "by chance"], ["rank", "the best fit first"]];
const NUMBERS = [["tracks", "Tracks", 1, 500, 1], ["minutes", "Minutes", 1, 1440, 1], ["per_artist", "Of one artist at most", 1, 99, 1], ["per_album", "Of one album at most", 1, 99, 1], ["gap", "Others between two of an artist", 0, 20, 1], ["shortest", "Shortest, seconds", 0, 36000, 1], ["longest", "Longest, seconds", 0, 36000, 1]];
const CURVES = { "": "no curve", "0:0.2,1:0.9": "rise", "0:0.9,1:0.2": "fall", "0:0.2,0.6:0.9,1:0.3": "arc", "0:0.5,0.25:0.9,0.5:0.4,0.75:0.9,1:0.5": "wave" };

/** What is empty or as by default is left out. */
const kept = (values) => Object.fromEntries(Object.entries(values).filter(([, x]) => x !== "" && x !== null && x !== undefined && x !== false && !(Array.isArray(x) && !x.length) && !(typeof x === "object" && !Array.isArray(x) && !Object.keys(x).length)));
const curveText = (curve) => (curve || []).map((pair) => pair.join(":")).join(",");
const curveOf = (text) => (text ? text.split(",").map((x) => x.split(":").map(Number)) : []);
const field = (text, input, hint) => h("label", { class: "field" }, h("span", {}, text), input, hint ? h("span", { class: "cap" }, hint) : null);

export class RecipeForm {
  /** recipe: as stored; names: id -> track, of its seeds. */
  constructor(recipe, names) {
    this.rest = recipe || {};
    const { like = [], unlike = [], rules = {}, order = {} } = this.rest;
    Object.assign(this, { names, seeds: [...like.map((id) => [id, 1]), ...unlike.map((id) => [id, -1])], rules, order, chips: h("div", { class: "row" }) });
    this.inputs = this.makeInputs(rules, order);
    this.el = this.layout();
    this.paintSeeds();
  }
  makeInputs(rules, order) {
    const { text = "", where = "", variance = 0, seed = 0 } = this.rest;
    const number = (value, min, max, step) => h("input", { type: "number", value: value ?? "", min, max, step, placeholder: "any" });
    const curve = curveText(order.curve), known = curve in CURVES ? CURVES : { ...CURVES, [curve]: curve };
    return {
      text: h("input", { type: "text", value: text, placeholder: "warm dub, no vocals" }), where: h("input", { type: "text", value: where, placeholder: "tempo > 100", spellcheck: "false" }),
      variance: h("input", { type: "range", min: 0, max: 1, step: 0.05, value: variance, vars: { "--v": variance } }), seed: number(seed, 0, 2 ** 31 - 1, 1),
      ...Object.fromEntries(NUMBERS.map(([name, , min, max, step]) => [name, number(rules[name], min, max, step)])),
      speech: h("input", { type: "checkbox", checked: rules.speech === false }), versions: h("input", { type: "checkbox", checked: rules.versions === true }),
      by: h("select", {}, ORDERS.map(([value, what]) => h("option", { value, selected: value === (order.by || "similarity") }, `${value}: ${what}`))),
      curve: h("select", {}, Object.entries(known).map(([value, what]) => h("option", { value, selected: value === curve }, what))), start_bpm: number(order.start_bpm, 30, 300, 0.1), end_bpm: number(order.end_bpm, 30, 300, 0.1),
    };
  }
  layout() {
    const x = this.inputs, add = (track, sign) => { this.names.set(track.track_id, track); this.seeds.push([track.track_id, sign]); this.paintSeeds(); };
    const ofOrder = h("div", { class: "stack" }), show = () => fill(ofOrder, x.by.value === "energy" ? field("Energy over the list", x.curve) : x.by.value === "tempo" ? h("div", { class: "pairfields" }, field("From BPM", x.start_bpm), field("To BPM", x.end_bpm)) : null);
    x.by.addEventListener("change", show);
    x.variance.addEventListener("input", () => x.variance.style.setProperty("--v", x.variance.value));
    show();
    const rules = h("details", {}, h("summary", {}, "Rules"), h("div", { class: "stack rules" }, h("div", { class: "pairfields" }, NUMBERS.slice(2).map(([name, text]) => field(text, x[name]))), h("label", { class: "check" }, x.speech, h("span", {}, "Only what is surely music")), h("label", { class: "check" }, x.versions, h("span", {}, "A song may come in several versions"))));
    rules.open = Object.keys(this.rules).some((name) => name !== "tracks" && name !== "minutes");
    return h("div", { class: "stack recipeform" }, h("div", { class: "field" }, h("span", {}, "Seeds"), this.chips, finder("Find a track to add as a seed of the recipe", add)), field("Sounds like this text", x.text), field("Only tracks where", x.where),
      h("div", { class: "pairfields" }, NUMBERS.slice(0, 2).map(([name, text]) => field(text, x[name]))), rules, field("Order", x.by), ofOrder, field("Variance", x.variance, "left: the best fit; right: nearly by chance"), field("Seed number", x.seed, "another number, another list"));
  }
  paintSeeds() {
    const off = (at) => () => { this.seeds.splice(at, 1); this.paintSeeds(); };
    fill(this.chips, this.seeds.map(([id, sign], i) => {
      const name = this.names.has(id) ? nameOf(this.names.get(id)) : id;
      return h("span", { class: `chip ${sign < 0 ? "is-not" : ""}` }, sign < 0 ? h("span", {}, "not") : null, h("b", { dir: "auto" }, name), btn(`Remove seed ${name}`, { icon: "x", only: true, kind: "quiet tiny", on: off(i) }));
    }));
  }
  /** Another list by the same recipe. */
  another() { this.inputs.seed.value = (+this.inputs.seed.value || 0) + 1; }
  value() {
    const x = this.inputs, number = (input) => (input.value === "" ? null : +input.value), of = (sign) => this.seeds.filter((seed) => seed[1] === sign).map(([id]) => id);
    const rules = kept({ ...this.rules, ...Object.fromEntries(NUMBERS.map(([name]) => [name, number(x[name])])), versions: x.versions.checked });
    if (x.speech.checked) rules.speech = false;
    else delete rules.speech;
    const order = kept({ ...this.order, by: x.by.value, curve: x.by.value === "energy" ? curveOf(x.curve.value) : [], start_bpm: x.by.value === "tempo" ? number(x.start_bpm) : null, end_bpm: x.by.value === "tempo" ? number(x.end_bpm) : null });
    return kept({ like: of(1), unlike: of(-1), text: x.text.value.trim(), where: x.where.value.trim(), variance: +x.variance.value || null, seed: number(x.seed) || null, rules, order });
  }
}
