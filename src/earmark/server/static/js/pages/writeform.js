// The form of a plan of tags: which tracks, for which program, which fields, what happens to values that there are.

import { chosen } from "../chosen.js";
import { $$, fill, h } from "../dom.js";
import { many, share } from "../format.js";
import { btn } from "../parts.js";
import { understand } from "../question.js";

const NAMES = { bpm: "tempo", gain: "ReplayGain", comment: "comment block", own: "EARMARK_*", grouping: "grouping, your own tags" };
const MODES = [["fill-empty", "Keep it"], ["add", "Add to it"], ["replace", "Replace it"]];
const KEYS = { standard: "Am, F#m", camelot: "8A, 11A", openkey: "1m, 4m" };
const GATES = { tempo_confidence: "Tempo: a steady pulse", tempo_octave_confidence: "Tempo: this one, not half or double", key_confidence: "Key" };
const OF = { all: "All tracks", fit: "Those that fit", chosen: "Those that I ticked" };

export const fieldName = (name) => NAMES[name] || name;

export class WriteForm {
  /** choices: of /tag-profiles; known: the catalogue; asked: what a plan was made with, {} for a new one. */
  constructor(choices, known, asked, submit) {
    const { profile = "navidrome", mode = "fill-empty", notation, fields = [], gates = {}, text = "", of = text ? "fit" : "all" } = asked;
    Object.assign(this, { choices, known, mode, gates: { ...choices.gates, ...gates } });
    this.text = h("input", { type: "text", value: text, placeholder: "genre:jazz tempo:100-120", spellcheck: "false", "aria-label": "Words and filters, as in the search box" });
    this.text.addEventListener("input", () => this.take("fit"));
    this.profile = h("select", { on: { change: () => this.preset() } }, choices.profiles.map((x) => h("option", { value: x.name, selected: x.name === profile }, x.name)));
    this.notation = h("select", {}, choices.notations.map((x) => h("option", { value: x }, `${KEYS[x] || x} (${x})`)));
    this.modes = h("div", { class: "seg", role: "group", "aria-label": "Where a value is" });
    this.of = h("div", { class: "stack tight" }, Object.keys(OF).filter((x) => x !== "chosen" || chosen.size || of === "chosen").map((x) => this.choice(x, x === of)));
    this.fields = h("div", { class: "pairfields fields" });
    this.el = this.layout(submit);
    this.preset(fields, notation);
    this.paintModes();
  }
  choice(name, checked) {
    const count = { all: ` (${this.known.tracks.toLocaleString("en-GB")})`, chosen: ` (${chosen.size.toLocaleString("en-GB")})` }[name] || "";
    return h("label", { class: "check" }, h("input", { type: "radio", name: "of", value: name, checked }), h("span", {}, OF[name] + count));
  }
  take(name) { for (const x of $$("input[type=radio]", this.of)) x.checked = x.value === name; }
  get chosenOf() { return $$("input[type=radio]", this.of).find((x) => x.checked).value; }

  /** The fields and keys of the chosen program, or those that were asked for. */
  preset(fields = [], notation = null) {
    const own = this.choices.profiles.find((x) => x.name === this.profile.value), on = new Set(fields.length ? fields : own.fields);
    this.notation.value = notation || own.notation;
    fill(this.fields, this.choices.fields.map((x) => h("label", { class: "check", title: x.meaning.replaceAll("`", "") }, h("input", { type: "checkbox", value: x.name, checked: on.has(x.name) }), h("span", {}, fieldName(x.name)))));
  }
  paintModes() { fill(this.modes, MODES.map(([mode, text]) => btn(text, { pressed: this.mode === mode, on: () => { this.mode = mode; this.paintModes(); $$("button", this.modes).find((x) => x.ariaPressed === "true").focus(); } }))); }
  gate(name) {
    const shown = h("span", { class: "num" }, share(this.gates[name])), input = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: this.gates[name], vars: { "--v": this.gates[name] }, "aria-label": `${GATES[name] || name}, write from` });
    input.addEventListener("input", () => { this.gates[name] = Number(input.value); input.style.setProperty("--v", input.value); fill(shown, share(this.gates[name])); });
    return h("div", { class: "field" }, h("span", { class: "gatehead" }, h("span", {}, GATES[name] || name), shown), input);
  }
  layout(submit) {
    const part = (text, ...kids) => h("fieldset", { class: "field" }, h("legend", {}, text), kids);
    const gates = h("details", {}, h("summary", {}, "How sure is sure enough"), h("div", { class: "stack rules" }, Object.keys(this.choices.gates).map((x) => this.gate(x)), h("p", { class: "cap" }, "Tags are written above their thresholds; what you have corrected is always sure.")));
    const send = (event) => { event.preventDefault(); submit(this.value()); };
    return h("form", { class: "card stack writeform", "aria-label": "Plan", on: { submit: send } }, part("Which tracks", this.of, this.text), h("label", { class: "field" }, h("span", {}, "For"), this.profile), part("Fields", this.fields),
      h("div", { class: "field" }, h("span", {}, "Where a value is"), this.modes), h("label", { class: "field" }, h("span", {}, "Keys as"), this.notation), gates, btn("Show what would change", { kind: "main", type: "submit" }));
  }
  /** The body of POST /tag-plans, and `text` as it was typed. */
  value() {
    const of = this.chosenOf, { words, filter } = understand(of === "fit" ? this.text.value : "", this.known.fields, this.known.tags);
    const fields = $$("input[type=checkbox]", this.fields).filter((x) => x.checked).map((x) => x.value);
    const which = of === "chosen" ? { tracks: [...chosen.keys()] } : { q: words, filter };
    return { text: of === "fit" ? this.text.value : "", body: { ...which, profile: this.profile.value, mode: this.mode, notation: this.notation.value, fields, gates: this.gates } };
  }
}
