// The parts that pages are made of; each returns an element and keeps nothing.

import { add, copy, fill, h, s, sr } from "./dom.js";
import { share } from "./format.js";
import { icon, shape } from "./icons.js";
import { player } from "./player.js";
import { groupNumber, groupOf, label, tagOf, topTags } from "./tags.js";

/** A button, or a link that looks like one; `only`: the icon alone is seen, the text is read. */
export function btn(text, { icon: name, on, kind = "", pressed, href, key, disabled, only, type = "button", title } = {}) {
  const props = {
    class: `btn ${kind} ${only ? "only" : ""}`, "aria-label": only ? text : null, title: title || (only ? text : null), disabled,
    "aria-pressed": pressed === undefined ? null : String(pressed), on: on ? { click: on } : null,
  };
  const kids = [name && icon(name), only ? null : h("span", {}, text), key && h("kbd", { "aria-hidden": "true" }, key)];
  return href ? h("a", { ...props, href }, kids) : h("button", { type, ...props }, kids);
}

/** A bar with the line of its threshold: full where sure, hatched where not. */
export function bar(value, { group, sure = true, threshold = 0 } = {}) {
  const tick = threshold > 0 && threshold < 0.98 ? h("i", { class: "tick" }) : null;
  const vars = { "--p": Math.min(1, value), "--th": threshold };
  return h("span", { class: `bar g${groupNumber(group)} ${sure ? "" : "is-unsure"}`, "aria-hidden": "true", vars }, h("i", { class: "fill" }), tick);
}

/** What a field of text offers: tags by their names, as mood/sad. */
export const tagList = (id, names) => add(h("datalist", { id }), names.map((x) => h("option", { value: label(tagOf(x)) }, groupOf(x))));

function tagMini({ group, tag, probability, sure }) {
  const title = `${group}: ${label(tag)} ${share(probability)}${sure ? "" : ", unsure"}`;
  return h("span", { class: `tagmini ${sure ? "" : "is-unsure"}`, title }, shape(group, 9), h("span", { class: "nm" }, label(tag)),
    bar(probability, { group, sure }), sr(` ${share(probability)} ${sure ? "sure" : "unsure"}, `));
}
export const tagMinis = (track, n = 3) => h("span", { class: "tagminis" }, topTags(track, n).map(tagMini));

const LOWEST = -50; // LUFS, the bottom of a loudness line
/** How loud a track is over time, small. */
export function loudLine(track, points = 48) {
  const curve = (track.loudness && track.loudness.curve) || [];
  const at = (i) => curve[Math.min(curve.length - 1, Math.floor((i / points) * curve.length))] ?? LOWEST;
  const size = (i) => Math.max(0.5, ((Math.max(LOWEST, at(i)) - LOWEST) / -LOWEST) ** 2 * 10);
  const bars = Array.from({ length: points }, (_, i) => `M${i * 2} ${10 - size(i)}h1.2v${size(i) * 2}h-1.2z`).join("");
  return s("svg", { viewBox: `0 0 ${points * 2} 20`, preserveAspectRatio: "none", class: "loudline", "aria-hidden": "true" }, s("path", { d: bars }));
}

/** A number that is written with ≈ where it is unsure. */
export function fact(text, sure = true) {
  if (text === null || text === undefined) return h("span", { class: "num dim" }, "–");
  const about = sure ? null : h("span", { class: "about", "aria-hidden": "true" }, "≈");
  return h("span", { class: `num ${sure ? "" : "is-unsure"}`, title: sure ? null : "unsure" }, about, text, sure ? null : sr(", unsure"));
}

export const nameOf = (track) => track.title || (track.path || track.name || "").split(/[/\\]/).pop() || track.track_id;
export const trackLink = (track) =>
  h("span", { class: "who" }, h("a", { href: `/tracks/${track.track_id}`, class: "ttl", dir: "auto", title: nameOf(track) }, nameOf(track)), h("span", { class: "art", dir: "auto" }, track.artist || "unknown artist"));

/** What the player needs of a track. */
export const playable = ({ track_id, artist, duration, ...rest }) => ({ track_id, artist, duration, title: nameOf({ track_id, ...rest }) });

/** Play or pause; it follows the player by itself while it is in the page. */
export function playBtn(track, { list, big = false, passages } = {}) {
  const press = (event) => {
    event.stopPropagation();
    if (player.is(track.track_id) && !passages) player.toggle();
    else player.load(playable(track), { play: true, list: list && list().map(playable), passages: passages || [] });
  };
  const button = h("button", { type: "button", class: `round ${big ? "" : "small"}`, data: { play: track.track_id, name: nameOf(track) }, on: { click: press } });
  showPlaying(button);
  return button;
}
export function showPlaying(button) {
  const mine = player.is(button.dataset.play), on = mine && player.playing;
  button.setAttribute("aria-label", `${on ? "Pause" : "Play"} ${button.dataset.name}`);
  button.classList.toggle("is-on", mine);
  fill(button, icon(on ? "pause" : "play", button.classList.contains("small") ? 12 : 22));
}

/** An error: what is wrong and what helps. */
export function problem(error, again) {
  const title = error.source ? `${error.source}: ${error.message}` : error.message;
  const remedy = error.remedy ? h("p", { class: "remedy" }, h("b", {}, "What helps: "), error.remedy) : null;
  return h("div", { class: "problem", role: "alert" }, icon("alert", 20), h("div", {}, h("h2", {}, title), remedy, again && h("div", { class: "row" }, btn("Try again", { icon: "loop", on: again }))));
}
export function empty(title, text, ...actions) {
  const flat = s("svg", { viewBox: "0 0 120 40", width: 120, height: 40, "aria-hidden": "true", class: "flat" }, s("path", { d: "M0 20h38M82 20h38" }), s("path", { d: "M42 20h36", class: "dots" }));
  return h("div", { class: "empty" }, flat, h("h2", {}, title), h("p", {}, text), h("div", { class: "row" }, actions));
}
export const skeleton = (n = 6) => h("div", { class: "skeleton", role: "status", "aria-label": "Loading" }, Array.from({ length: n }, () => h("span", {})));
export const head = (title, sub, ...actions) =>
  h("div", { class: "head" }, h("div", {}, h("h1", { tabindex: -1, dir: "auto" }, title), sub ? h("p", { class: "sub" }, sub) : null), h("div", { class: "row" }, actions));

/** The page as a command and as an address of the API. */
export function asData(command, address) {
  const line = (text, name) => [h("code", {}, text), btn(`Copy ${name}`, { icon: "copy", only: true, kind: "quiet tiny", on: () => copy(text) })];
  return h("aside", { class: "asdata", "aria-label": "This page as data" }, h("span", { class: "cap" }, "As data"), command && line(command, "command"), address && line(address, "address"));
}

/** A line over time with the area below it. */
export function lineChart(values, top, text) {
  const w = 300, height = 60, x = (i) => (i / Math.max(1, values.length - 1)) * w, y = (v) => height - 2 - (v / top) * (height - 4);
  const d = "M" + values.map((v, i) => `${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join("L");
  return s("svg", { viewBox: `0 0 ${w} ${height}`, preserveAspectRatio: "none", class: "linechart g8", role: "img", "aria-label": text },
    s("path", { d: `${d}L${w} ${height}L0 ${height}Z`, class: "area" }), s("path", { d, class: "stroke", "vector-effect": "non-scaling-stroke" }));
}

export function menu(text, ...kids) {
  return h("details", { class: "menu" }, h("summary", { class: "btn" }, h("span", {}, text), icon("down")), h("div", { class: "panel" }, kids));
}

/** A dialog that is removed when it closes. */
export function dialog(title, ...kids) {
  const box = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, h("h2", { id: "dialog-title" }, title), kids);
  box.addEventListener("close", () => box.remove());
  add(document.body, box);
  box.showModal();
  return box;
}

