// What is known of a track, below its title; also of a file that was dropped on the page and is in no catalogue.

import { $$, fill, h } from "../dom.js";
import { fileName, lineChartTop, many, minus, share, signed, time } from "../format.js";
import { shape } from "../icons.js";
import { lineChart, menu } from "../parts.js";
import { Timeline } from "../timeline.js";
import { firstCurves, groupNumber, groupOf, label, tagOf } from "../tags.js";
import { keyCard, tempoCard } from "./facts.js";
import { tagsCard } from "./tagscard.js";

/** source: of Timeline; acts: {correct, hear, play, near}, each null where it cannot be done. Returns {destroy}. */
export function trackBody(root, track, source, known, acts) {
  const panel = h("section", { class: "card tl", "aria-label": "Over time" });
  const facts = known.facts, hear = acts.hear;
  fill(root, warnings(track), sentence(track, hear), panel, h("div", { class: "cols" }, h("div", { class: "stack" }, tagsCard(track, facts, (name) => listen(name), acts.correct), loudCard(track)), h("div", { class: "stack" }, tempoCard(track, acts.correct), keyCard(track, acts.correct)), acts.near), filesCard(track));
  const chooser = menu("Curves"), sync = (names) => $$("input", chooser).forEach((x) => { x.checked = names.includes(x.value); });
  const bit = h("span", { class: "bit" });
  const line = new Timeline(panel, track, source, { names: firstCurves(track), facts, onTags: sync, play: acts.play, onBit: acts.bit && ((a, b) => fill(bit, acts.bit(a, b))) });
  fillChooser(chooser, track, line);
  line.bar.insertBefore(chooser, line.bar.lastChild);
  line.bar.insertBefore(bit, chooser);
  const listen = async (name) => {
    if (!line.names.includes(name)) await line.choose([...line.names, name]);
    line.mark(name);
    panel.scrollIntoView({ block: "nearest" });
    if (hear) await hear(name);
  };
  return { destroy: () => line.destroy() };
}

function fillChooser(chooser, track, line) {
  const groups = Object.entries(track.tags || {}).filter(([group]) => group !== "content");
  const box = (name) => h("input", { type: "checkbox", value: name, checked: line.names.includes(name), on: { change: (event) => line.choose(event.target.checked ? [...line.names, name] : line.names.filter((x) => x !== name)) } });
  const row = (group, x) => h("label", { class: "check" }, box(`${group}/${x.tag}`), h("span", {}, label(x.tag)), h("span", { class: "num dim" }, share(x.probability)));
  chooser.classList.add("curves");
  chooser.lastChild.replaceChildren(...groups.map(([group, tags]) => h("fieldset", { class: "choose" }, h("legend", { class: "cap" }, shape(group, 10), " ", group), tags.map((x) => row(group, x)))));
}

function warnings(track) {
  const all = track.warnings || [];
  return all.length || track.incomplete ? h("p", { class: "row warnline" }, h("span", { class: "pill warn" }, "heard with warnings"), all.join("; ")) : null;
}

/** The sentence; each of its phrases that rests on a tag or a passage leads to where that is heard. */
function sentence(track, hear) {
  const text = track.description || "", parts = [];
  let at = 0;
  for (const phrase of track.phrases || []) {
    const from = text.indexOf(phrase.text, at);
    if (from < 0) continue;
    parts.push(text.slice(at, from), phrasePart(phrase, hear));
    at = from + phrase.text.length;
  }
  return h("p", { class: "sentence" }, parts, text.slice(at));
}
function phrasePart({ text, tags, passages }, hear) {
  const name = tags[0];
  if (!hear || !(name || passages.length)) return text;
  const on = { click: () => hear(name, passages, text) };
  return h("button", { type: "button", class: `phrase g${name ? groupNumber(groupOf(name)) : 0}`, title: passages.length ? "Play where it is so" : `${label(tagOf(name))}: play where it is strongest`, on }, text);
}

function loudCard(track) {
  const l = track.loudness, energy = track.energy;
  if (!l || l.integrated_lufs === null || l.integrated_lufs === undefined) return h("section", { class: "card fact" }, h("h2", {}, "Loudness and energy"), h("p", { class: "dim" }, "Silent: no loudness."));
  const pairs = [["Range", `${l.range_lu.toFixed(1)} LU`], ["True peak", `${minus(l.true_peak_dbtp)} dBTP`], ["ReplayGain", `${signed(l.replaygain_db)} dB`]];
  const curve = energy && energy.curve && energy.curve.length > 1 ? lineChart(energy.curve, lineChartTop(energy.curve), `Energy over time, ${energy.level}`) : null;
  return h("section", { class: "card fact" }, h("div", { class: "cardhead" }, h("h2", {}, "Loudness and energy"), h("span", { class: "num" }, `${minus(l.integrated_lufs)} LUFS`)),
    h("dl", { class: "pairs" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "num" }, value)))), energy ? h("p", { class: "cap" }, `Energy ${energy.level} `, h("span", { class: "num" }, share(energy.value))) : null, curve);
}

function filesCard(track) {
  const files = track.files || [], corrections = Object.entries(track.corrections || {});
  const rows = [["Track id", h("code", {}, track.track_id)], ["Heard by", h("span", {}, h("code", {}, `${track.model.id} ${track.model.version}`), track.analysed < track.duration - 1 ? `, the first ${time(track.analysed)}` : ", all of it")], ["Versions", h("code", {}, track.analysis_version)], ["Your word", corrections.length ? corrections.map(([name, value]) => (name.includes("/") ? `${label(tagOf(name))}: ${value}` : `${name} ${value}`)).join(", ") : "none yet; a folded corner marks what you correct"]];
  return h("section", { class: "files" }, h("h2", {}, files.length ? many(files.length, "file") : "About"), files.map(fileEntry), h("dl", {}, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}
function fileEntry(file) {
  const tech = [file.codec, file.bit_rate ? `${Math.round(file.bit_rate / 1000)} kbit/s` : "", file.sample_rate ? `${file.sample_rate / 1000} kHz` : "", file.n_channels ? many(file.n_channels, "channel") : "", file.size ? `${(file.size / 1e6).toFixed(1)} MB` : ""].filter(Boolean).join(", ");
  const tags = ["title", "artist", "album", "year", "genre"].filter((x) => file[x]).map((x) => h("span", {}, h("span", { class: "dim" }, `${x} `), h("bdi", {}, file[x])));
  return h("div", { class: "card file" }, h("p", {}, h("b", { dir: "auto" }, fileName(file.path))), h("p", { class: "row" }, tags.length ? tags : h("span", { class: "dim" }, "no tags in the file")), h("p", { class: "cap" }, tech), h("code", { class: "cap" }, file.path));
}
