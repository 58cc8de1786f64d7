// What is known of a track, below its title; also of a file that was dropped on the page and is in no catalogue.

import { $$, fill, h } from "../dom.js";
import { fileName, lineChartTop, many, minus, share, signed, time } from "../format.js";
import { mark, shape } from "../icons.js";
import { bar, lineChart, menu } from "../parts.js";
import { Timeline } from "../timeline.js";
import { UNSHOWN, firstCurves, flatTags, groupNumber, label } from "../tags.js";
import { keyCard, tempoCard } from "./facts.js";

/** source: of Timeline; acts: {correct, hear, play, near}, each null where it cannot be done. Returns {destroy}. */
export function trackBody(root, track, source, known, acts) {
  const panel = h("section", { class: "card tl", "aria-label": "Over time" });
  const facts = known.facts, hear = acts.hear;
  fill(root, warnings(track), sentence(track, hear), panel, h("div", { class: "cols" }, h("div", { class: "stack" }, tagsCard(track, facts, (name) => listen(name)), loudCard(track)), h("div", { class: "stack" }, tempoCard(track, acts.correct), keyCard(track, acts.correct)), acts.near), filesCard(track));
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

/** The sentence; each word that is a tag of the track leads to where it is heard. */
function sentence(track, hear) {
  const names = new Map(flatTags(track).filter((x) => x.sure && !UNSHOWN.has(x.group)).flatMap((x) => [[label(x.tag), x], [x.tag, x]]));
  const pattern = [...names.keys()].sort((a, b) => b.length - a.length).map((x) => x.replace(/[^\w ]/g, "\\$&")).join("|");
  const parts = pattern ? (track.description || "").split(new RegExp(`\\b(${pattern})\\b`, "i")) : [track.description || ""];
  const part = (text) => {
    const tag = names.get(text.toLowerCase());
    return tag && hear ? h("button", { type: "button", class: `phrase g${groupNumber(tag.group)}`, title: `${label(tag.tag)} ${share(tag.probability)}: play where it is strongest`, on: { click: () => hear(tag.name) } }, text) : text;
  };
  return h("p", { class: "sentence" }, parts.map(part));
}

function tagsCard(track, facts, listen) {
  const legend = h("span", { class: "cap legend" }, mark(true), "sure", mark(false), "unsure", h("i", { class: "th" }), "threshold");
  const groups = Object.entries(track.tags || {}).filter(([name, tags]) => name !== "content" && tags.length);
  return h("section", { class: "card" }, h("div", { class: "cardhead" }, h("h2", {}, "Tags"), legend), groups.length ? h("div", { class: "groups" }, groups.map(([name, tags]) => group(name, tags, facts, listen))) : h("p", { class: "dim" }, "Too short or too quiet for any tag."));
}
function group(name, tags, facts, listen) {
  const sure = tags.filter((x) => x.sure), shown = Math.max(sure.length, 3), row = (x) => tagRow(name, x, facts, listen), rest = tags.slice(shown);
  const more = rest.length ? h("details", { class: "rest" }, h("summary", { class: "cap" }, `${rest.length} more`), h("ul", {}, rest.map(row))) : null;
  return h("section", { class: `group g${groupNumber(name)}` }, h("h3", {}, shape(name), h("span", {}, name), sure.length ? null : h("span", { class: "pill is-unsure" }, "unsure")), h("ul", {}, tags.slice(0, shown).map(row)), more);
}
function tagRow(groupName, { tag, probability, sure }, facts, listen) {
  const name = `${groupName}/${tag}`, { threshold = 0, definition = "" } = facts[name] || {};
  return h("li", { class: `tagrow ${sure ? "" : "is-unsure"}` }, mark(sure), h("button", { type: "button", class: "name", title: [definition, "Play where it is strongest"].filter(Boolean).join(". "), on: { click: () => listen(name) } }, label(tag)), bar(probability, { group: groupName, sure, threshold: groupName === "scale" ? 0 : threshold }), h("span", { class: "num" }, share(probability)));
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
  const rows = [["Track id", h("code", {}, track.track_id)], ["Heard by", h("span", {}, h("code", {}, `${track.model.id} ${track.model.version}`), track.analysed < track.duration - 1 ? `, the first ${time(track.analysed)}` : ", all of it")], ["Versions", h("code", {}, track.analysis_version)], ["Your word", corrections.length ? corrections.map(([name, value]) => `${name} ${value}`).join(", ") : "none yet; a folded corner marks what you correct"]];
  return h("section", { class: "files" }, h("h2", {}, files.length ? many(files.length, "file") : "About"), files.map(fileEntry), h("dl", {}, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}
function fileEntry(file) {
  const tech = [file.codec, file.bit_rate ? `${Math.round(file.bit_rate / 1000)} kbit/s` : "", file.sample_rate ? `${file.sample_rate / 1000} kHz` : "", file.n_channels ? many(file.n_channels, "channel") : "", file.size ? `${(file.size / 1e6).toFixed(1)} MB` : ""].filter(Boolean).join(", ");
  const tags = ["title", "artist", "album", "year", "genre"].filter((x) => file[x]).map((x) => h("span", {}, h("span", { class: "dim" }, `${x} `), h("bdi", {}, file[x])));
  return h("div", { class: "card file" }, h("p", {}, h("b", { dir: "auto" }, fileName(file.path))), h("p", { class: "row" }, tags.length ? tags : h("span", { class: "dim" }, "no tags in the file")), h("p", { class: "cap" }, tech), h("code", { class: "cap" }, file.path));
}
