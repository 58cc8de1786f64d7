// One time axis: ruler, sections, keys, waveform, spectrum, beliefs, beats. Lanes share a stretch [t0, t1];
// one layer above them carries playhead, pointer and what was picked.

import { clamp, fill, h } from "./dom.js";
import { share, sharps, time } from "./format.js";
import { shape } from "./icons.js";
import { drawBeats, drawBelief, drawRuler, drawSpectrum, drawWave } from "./lanes.js";
import { bar, btn } from "./parts.js";
import { player } from "./player.js";
import { groupOf, label, tagOf } from "./tags.js";

const SHORTEST = 4; // seconds in view
const DRAG = 5; // pixels from which a click is a drag
const SLOW = 250; // milliseconds between two pictures where motion is unwanted
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export class Timeline {
  /** source : {curves(names), waveform(), spectrum(from, to, width)}, the last two null where there are none. */
  constructor(root, track, source, { names, facts, onTags, play, onBit }) {
    Object.assign(this, { root, track, source, names, facts, onTags, play, onBit, duration: track.duration, t0: 0, t1: track.duration, picked: null, curves: { times: [], tags: {} }, offs: [], shown: 0 });
    this.build();
    this.listen();
    this.load();
  }
  x(t) { return ((t - this.t0) / (this.t1 - this.t0)) * this.width; }
  t(x) { return clamp(this.t0 + (x / this.width) * (this.t1 - this.t0), 0, this.duration); }
  get mine() { return player.is(this.track.track_id); }
  get now() { return this.mine ? player.time : 0; }

  // -- parts ----------------------------------------------------------------------------------------------------

  lane(cls, name, { body, right } = {}) {
    const inside = body || h("canvas", { "aria-hidden": "true" });
    return { el: h("div", { class: `lane ${cls}` }, h("div", { class: "gl" }, typeof name === "string" ? h("span", { class: "cap" }, name) : name), inside, h("div", { class: "gr" }, right)), c: inside };
  }
  build() {
    const zoom = (name, text, k) => btn(name, { icon: text, only: true, kind: "quiet", on: () => this.zoom(k) });
    this.readout = h("span", { class: "num readout" });
    this.bar = h("div", { class: "tl-bar" }, this.readout, h("span", { class: "cap hint" }, this.play ? "Drag to play a bit again and again. Click to jump." : "Click to look at a moment."), h("div", { class: "row tl-zoom" }, zoom("Zoom out", "minus", 2), zoom("Zoom in", "plus", 0.5), btn("All", { kind: "quiet", on: () => this.view(0, this.duration) })));
    this.ruler = this.lane("ruler", "");
    this.sections = this.lane("sections", "Sections", { body: h("div", { class: "lane-body" }) });
    this.wave = this.source.waveform && this.lane("wavelane", "Waveform");
    this.spec = this.source.spectrum && this.lane("spec", "Spectrum");
    this.beliefs = h("div", { class: "beliefs" });
    this.beats = this.track.tempo && this.track.tempo.beats && this.track.tempo.beats.length ? this.lane("beats", "Bars") : null;
    this.head = h("div", { class: "playhead", role: "slider", tabindex: 0, "aria-label": "Playhead", "aria-valuemin": 0, "aria-valuemax": Math.round(this.duration), "aria-valuenow": 0, "data-ownkeys": true }, h("i"));
    this.pointer = h("div", { class: "pointer", hidden: true }, h("b", { class: "num" }));
    this.pick = h("div", { class: "pick", hidden: true });
    this.over = h("div", { class: "over" }, this.pick, this.pointer, this.head);
    this.lanes = h("div", { class: "lanes" }, this.ruler.el, this.sections.el, this.wave && this.wave.el, this.spec && this.spec.el, this.beliefs, this.beats && this.beats.el, this.over);
    fill(this.root, this.bar, this.lanes);
    this.buildBeliefs();
  }
  buildBeliefs() {
    this.rows = this.names.map((name) => {
      const threshold = (this.facts[name] || {}).threshold || 0, value = h("span", { class: "num" }), live = bar(0, { group: groupOf(name), threshold });
      const off = btn(`Take ${label(tagOf(name))} off`, { icon: "x", only: true, kind: "quiet tiny off", on: () => this.choose(this.names.filter((x) => x !== name)) });
      const left = h("span", { class: "bl-name" }, shape(groupOf(name), 11), h("span", { title: name }, label(tagOf(name))), off);
      return { name, threshold, live, value, ...this.lane("belief", left, { right: h("span", { class: "bl-now" }, live, value) }) };
    });
    fill(this.beliefs, this.rows.map((x) => x.el));
  }
  /** Show the curves of other tags. */
  async choose(names) {
    this.names = names;
    this.buildBeliefs();
    this.draw();
    this.onTags(names);
    await this.loadCurves();
  }
  mark(name) { this.rows.forEach((x) => x.el.classList.toggle("is-asked", x.name === name)); }

  // -- data -----------------------------------------------------------------------------------------------------

  async load() {
    this.draw();
    await Promise.all([this.loadCurves(), this.loadWave(), this.loadSpectrum()]);
  }
  async loadCurves() {
    const lacking = this.names.filter((x) => !this.curves.tags[x]);
    if (lacking.length) {
      const found = await this.source.curves(lacking);
      this.curves = { times: found.times, tags: { ...this.curves.tags, ...found.tags } };
    }
    this.draw();
  }
  async loadWave() {
    if (!this.wave) return;
    this.envelope = await this.source.waveform().catch((error) => this.lack(this.wave, error));
    this.draw();
  }
  /** The picture of what is in view, asked for when the view has stood still. */
  async loadSpectrum() {
    if (!this.spec || !this.width) return;
    const [from, to] = [this.t0, this.t1], image = await this.source.spectrum(from, to, Math.min(2048, Math.round(this.width * 1.5))).catch((error) => this.lack(this.spec, error));
    if (image && from === this.t0 && to === this.t1) { this.picture = { image, from, to }; this.draw(); }
  }
  /** A lane without its picture says why. */
  lack(lane, error) {
    lane.el.classList.add("is-lacking");
    fill(lane.el.lastChild, h("span", { class: "cap", title: error.remedy || "" }, error.message));
    return null;
  }

  // -- looking --------------------------------------------------------------------------------------------------

  view(a, b) {
    const span = clamp(b - a, Math.min(SHORTEST, this.duration), this.duration);
    this.t0 = clamp(a, 0, this.duration - span);
    this.t1 = this.t0 + span;
    this.draw();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.loadSpectrum(), 200);
  }
  zoom(k, at = clamp(this.now, this.t0, this.t1)) {
    const span = (this.t1 - this.t0) * k, share = (at - this.t0) / (this.t1 - this.t0);
    this.view(at - span * share, at + span * (1 - share));
  }
  draw() {
    const first = this.ruler.c.getBoundingClientRect(), lanes = this.lanes.getBoundingClientRect();
    this.width = first.width;
    if (!this.width) return;
    this.over.style.left = `${first.left - lanes.left}px`;
    this.over.style.width = `${first.width}px`;
    drawRuler(this.ruler.c, this);
    this.drawSections();
    if (this.wave && this.envelope) drawWave(this.wave.c, this, this.envelope);
    if (this.spec && this.picture) drawSpectrum(this.spec.c, this, this.picture);
    for (const row of this.rows) if (this.curves.tags[row.name]) drawBelief(row.c, this, row.name, this.curves.times, this.curves.tags[row.name], row.threshold);
    if (this.beats) drawBeats(this.beats.c, this, this.track.tempo);
    this.place();
    this.tick();
  }
  drawSections() {
    const { boundaries = [], labels = [], representative } = this.track.structure || {}, edges = [0, ...boundaries, this.duration], kinds = [...new Set(labels)];
    const stretch = (cls, from, to, title, text) => {
      const a = clamp(this.x(from), 0, this.width), b = clamp(this.x(to), 0, this.width), el = h("span", { class: cls, title }, b - a > 14 ? text : "");
      el.style.left = `${a}px`;
      el.style.width = `${Math.max(0, b - a - 2)}px`;
      return b - a < 2 ? null : el;
    };
    fill(this.sections.c, labels.map((x, i) => stretch(`sec s${kinds.indexOf(x) % 4}`, edges[i], edges[i + 1], `Section ${x}, ${time(edges[i])} to ${time(edges[i + 1])}`, x)),
      representative && stretch("rep", ...representative, `Most typical half minute, ${time(representative[0])} to ${time(representative[1])}`, ""));
  }
  place() {
    this.pick.hidden = !this.picked;
    if (!this.picked) return;
    this.pick.style.left = `${this.x(this.picked[0])}px`;
    this.pick.style.width = `${Math.max(2, this.x(this.picked[1]) - this.x(this.picked[0]))}px`;
  }

  // -- now ------------------------------------------------------------------------------------------------------

  frame() {
    const now = performance.now();
    if (player.playing && reduced.matches && now - this.shown < SLOW) return;
    this.shown = now;
    this.tick();
  }
  tick(at = this.now) {
    const t = this.now, inside = t >= this.t0 - 0.01 && t <= this.t1 + 0.01;
    if (!inside && this.mine && player.playing) return this.view(t - (this.t1 - this.t0) * 0.1, t + (this.t1 - this.t0) * 0.9);
    this.head.style.transform = `translateX(${this.x(t)}px)`;
    this.head.classList.toggle("away", !inside);
    this.head.setAttribute("aria-valuenow", Math.round(t));
    this.head.setAttribute("aria-valuetext", `${time(t, true)} of ${time(this.duration)}`);
    const passage = this.mine ? player.passage : null;
    if (passage !== this.passage) { this.passage = passage; this.picked = passage && [passage.start, passage.end]; this.place(); }
    fill(this.readout, h("b", {}, time(at, true)), ` / ${time(this.duration)}`, h("span", { class: "bars" }, this.where(at)));
    this.values(at);
  }
  where(t) {
    const { downbeats = [] } = this.track.tempo || {}, { boundaries = [], labels = [] } = this.track.structure || {}, { segments = [] } = this.track.key || {};
    const bars = downbeats.filter((x) => x <= t + 0.02).length, key = segments.length > 1 && segments.find((x) => t >= x.start && t < x.end);
    return [bars ? `bar ${bars}` : "", labels.length ? `section ${labels[boundaries.filter((x) => x <= t).length]}` : "", key ? sharps(key.name) : ""].filter(Boolean).join(" · ");
  }
  /** The beliefs at a second, as bars. */
  values(t) {
    const { times, tags } = this.curves, step = times.length > 1 ? times[1] - times[0] : 1;
    const i = clamp(Math.round((t - (times[0] || 0)) / step), 0, Math.max(0, times.length - 1));
    for (const row of this.rows) {
      const value = tags[row.name] ? tags[row.name][i] : 0, sure = value >= row.threshold;
      row.live.style.setProperty("--p", value);
      row.live.classList.toggle("is-unsure", !sure);
      row.el.classList.toggle("is-on", sure);
      row.value.textContent = share(value);
    }
  }
  seek(t) { this.play ? this.play(clamp(t, 0, this.duration)) : this.tick(t); }

  // -- hands ----------------------------------------------------------------------------------------------------

  listen() {
    const over = this.over, on = (type, act, options) => over.addEventListener(type, act, options), at = (event) => event.clientX - over.getBoundingClientRect().left;
    let down = null, drag = null;
    on("pointermove", (event) => {
      const x = at(event);
      if (down !== null && Math.abs(x - down) > DRAG) { drag = [this.t(Math.min(down, x)), this.t(Math.max(down, x))]; this.picked = drag; this.place(); }
      this.pointer.hidden = event.pointerType === "touch";
      this.pointer.style.transform = `translateX(${x}px)`;
      this.pointer.firstChild.textContent = time(this.t(x), true);
      this.pointer.classList.toggle("flip", x > this.width - 60);
      if (!this.mine || !player.playing) this.tick(this.t(x));
    });
    on("pointerleave", () => { this.pointer.hidden = true; this.tick(); });
    on("pointerdown", (event) => { if (!event.button) { down = at(event); drag = null; over.setPointerCapture(event.pointerId); } });
    on("pointerup", (event) => { if (down !== null) { drag && this.play ? this.loop(drag) : this.seek(this.t(at(event))); } down = null; });
    on("pointercancel", () => { down = null; });
    on("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); this.zoom(event.deltaY > 0 ? 1.25 : 0.8, this.t(at(event))); } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) { event.preventDefault(); this.pan((event.deltaX / this.width) * (this.t1 - this.t0)); } }, { passive: false });
    this.head.addEventListener("keydown", (event) => this.headKey(event));
    const keys = (event) => this.key(event), letGo = () => { if (this.mine && player.passage) player.seek(player.time); this.picked = null; this.place(); }, again = () => this.draw();
    addEventListener("keydown", keys);
    addEventListener("letgo", letGo);
    addEventListener("scheme", again);
    const sizes = new ResizeObserver(() => { this.draw(); if (this.spec && !this.picture) this.loadSpectrum(); });
    sizes.observe(this.lanes);
    this.offs = [player.on("tick", () => this.frame()), player.on("track", () => this.tick()), player.on("state", () => this.tick()), () => sizes.disconnect(), () => removeEventListener("keydown", keys), () => removeEventListener("letgo", letGo), () => removeEventListener("scheme", again)];
  }
  pan(seconds) { this.view(this.t0 + seconds, this.t1 + seconds); }
  loop([a, b]) {
    this.play(a);
    player.loop(a, b);
    if (this.onBit) this.onBit(a, b);
  }
  headKey(event) {
    const step = event.shiftKey ? 0.1 : 1;
    const act = { ArrowLeft: -step, ArrowRight: step, PageUp: -10, PageDown: 10, Home: -this.duration, End: this.duration }[event.key];
    if (event.key === "[") this.begin = this.now;
    else if (event.key === "]") this.play && this.now > (this.begin || 0) && this.loop([this.begin || 0, this.now]);
    else if (act) this.seek(this.now + act);
    else if (event.key === " " || event.key === "Enter") this.mine ? player.toggle() : this.seek(0);
    else return this.key(event);
    event.preventDefault();
    event.stopPropagation();
  }
  key(event) {
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const act = { "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2), 0: () => this.view(0, this.duration) }[event.key];
    if (act) { event.preventDefault(); event.stopPropagation(); act(); }
  }
  destroy() {
    clearTimeout(this.waiting);
    this.offs.forEach((act) => act());
  }
}
