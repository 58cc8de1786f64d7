// What sounds like several tracks and unlike others. Everything stands in the address: seed=ID, seed=-ID, versions, per_artist, where.

import { addToPlaylist } from "../addto.js";
import { get, post } from "../api.js";
import { catalogue } from "../catalogue.js";
import { add, fill, h } from "../dom.js";
import { inTurn, passagesOf, shared } from "../compare.js";
import { finder } from "../finder.js";
import { many, share, sharps, time } from "../format.js";
import { icon } from "../icons.js";
import { asData, bar, btn, empty, fact, head, nameOf, playBtn, playable, problem, skeleton, tagMinis, trackLink } from "../parts.js";
import { player } from "../player.js";
import { go } from "../route.js";
import { flatTags, label } from "../tags.js";
import { showWay } from "./way.js";

const COUNT = 50;

export const similar = {
  title: () => "Similar",
  async show(root, route, leave) {
    const stop = new AbortController();
    leave(() => stop.abort());
    await catalogue();
    if (route.query.has("from") || route.query.has("to")) return showWay(root, route.query, stop.signal);
    const seeds = await Promise.all(route.query.getAll("seed").map(seedOf));
    new SimilarPage(root, route.query, seeds, stop.signal).show();
  },
};

const PARTS = ["sound", "rhythm", "harmony", "mood", "instruments", "energy", "lyrics"];

/** "ID" or "-ID", of a track or "job:ID" of a dropped file, of a window "ID@12.5-20" -> {id, sign, track, start, end}. */
async function seedOf(text) {
  const sign = text.startsWith("-") ? -1 : 1, [id, bit] = text.replace(/^-/, "").split("@"), [, job] = id.split("job:");
  const track = job ? await get(`/jobs/${job}/result`) : await get(`/tracks/${id}`), [start, end] = bit ? bit.split("-").map(Number) : [];
  return { id, sign, job, track, start, end };
}
const seedText = (x) => `${x.sign < 0 ? "-" : ""}${x.id}${x.end ? `@${x.start}-${x.end}` : ""}`;

/** "sound:1,mood:2" of the address; null: the sound alone. */
const readParts = (text) => {
  const found = Object.fromEntries((text || "").split(",").map((x) => x.split(":")).filter(([name, w]) => PARTS.includes(name) && Number.isFinite(+w)).map(([name, w]) => [name, +w]));
  return Object.keys(found).length ? found : null;
};

class SimilarPage {
  constructor(root, query, seeds, signal) {
    Object.assign(this, { query, seeds, signal, results: h("section", { class: "results", "aria-label": "Found" }), root });
  }
  change(edit) {
    const query = new URLSearchParams(this.query);
    edit(query);
    go(`/similar${query.size ? `?${query}` : ""}`);
  }
  setSeeds(seeds) {
    this.change((query) => { query.delete("seed"); seeds.forEach((x) => query.append("seed", seedText(x))); });
  }
  show() {
    const rail = h("aside", { class: "rail", "aria-label": "Rules" }, this.rules());
    const wide = matchMedia("(min-width: 981px)").matches;
    const box = h("details", { class: "railbox", open: wide }, h("summary", { class: "btn" }, h("span", {}, "Rules"), icon("down")), rail);
    add(this.root, h("div", { class: "page" }, head("What sounds like these", "Add seeds; a seed with a minus pushes its sound away.", btn("The way to another track", { icon: "way", href: this.way() })), h("div", { class: "row seeds" }, this.seeds.map((x) => this.chip(x)), this.finder()), h("div", { class: "split" }, box, this.results), this.seeds.length ? asData(this.command(), "POST /api/v1/similar") : null));
    this.ask();
  }
  chip(seed) {
    const turn = () => this.setSeeds(this.seeds.map((x) => (x === seed ? { ...x, sign: -x.sign } : x)));
    const name = nameOf(seed.track);
    return h("span", { class: `chip ${seed.sign < 0 ? "is-not" : ""}` }, seed.job ? null : playBtn(seed.track), seed.sign < 0 ? h("span", {}, "not") : null, h("b", { dir: "auto" }, name), seed.end ? btn(`${time(seed.start)}–${time(seed.end)}`, { kind: "quiet tiny num", title: "Play this bit", on: () => player.load(playable(seed.track), { play: true, passages: [{ start: seed.start, end: seed.end, name: "seed" }] }) }) : null,
      btn(seed.sign < 0 ? `Ask for ${name}` : `Push ${name} away`, { icon: seed.sign < 0 ? "plus" : "minus", only: true, kind: "quiet tiny", on: turn }), btn(`Remove ${name}`, { icon: "x", only: true, kind: "quiet tiny", on: () => this.setSeeds(this.seeds.filter((x) => x !== seed)) }));
  }
  /** From the first seed, to the second where there is one. */
  way() {
    const [from, to] = this.seeds.filter((x) => x.sign > 0 && !x.job);
    return `/similar?from=${from ? from.id : ""}${to ? `&to=${to.id}` : ""}`;
  }
  /** Words find tracks that can become seeds. */
  finder() { return finder("Find a track to add as a seed", (track, sign) => this.setSeeds([...this.seeds, { id: track.track_id, sign }])); }
  rules() {
    const flag = (name, text) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.query.has(name), on: { change: (event) => this.change((q) => (event.target.checked ? q.set(name, "1") : q.delete(name))) } }), h("span", {}, text));
    const number = h("input", { type: "number", min: 1, max: 100, value: this.query.get("per_artist") || "", placeholder: "any", on: { change: () => this.change((q) => (number.value ? q.set("per_artist", number.value) : q.delete("per_artist"))) } });
    const where = h("input", { type: "text", value: this.query.get("where") || "", placeholder: "tempo > 100", spellcheck: "false", on: { change: () => this.change((q) => (where.value ? q.set("where", where.value) : q.delete("where"))) } });
    const key = this.lead && this.lead.track.key;
    return [h("h2", {}, "What counts"), this.sliders(), h("h2", {}, "Rules"), flag("versions", "Other versions too"), flag("mixes", `Only keys that mix${key ? ` with ${key.camelot}` : ""}`), h("label", { class: "field" }, h("span", {}, "Tracks of one artist at most"), number), h("label", { class: "field" }, h("span", {}, "Only tracks where"), where)];
  }
  /** How much each part of likeness counts; without any the sound alone does. */
  sliders() {
    const now = readParts(this.query.get("weights")) || { sound: 1 };
    const set = (values) => this.change((q) => { const kept = Object.entries(values).filter(([, w]) => w !== 0); kept.length && !(kept.length === 1 && values.sound === 1) ? q.set("weights", kept.map((x) => x.join(":")).join(",")) : q.delete("weights"); });
    const slider = (name) => {
      const w = now[name] || 0, says = h("span", { class: "num" }, w.toFixed(1));
      const input = h("input", { type: "range", min: 0, max: 2, step: 0.1, value: w, vars: { "--v": w / 2 }, on: { input: () => { input.style.setProperty("--v", input.value / 2); says.textContent = (+input.value).toFixed(1); }, change: () => set({ ...now, [name]: +input.value }) } });
      return h("label", { class: "part" }, h("span", {}, name), input, says);
    };
    const variety = h("input", { type: "range", min: 0, max: 1, step: 0.1, value: +this.query.get("diversity") || 0, vars: { "--v": +this.query.get("diversity") || 0 }, on: { change: () => this.change((q) => (+variety.value ? q.set("diversity", variety.value) : q.delete("diversity"))) } });
    return h("div", { class: "parts" }, PARTS.map(slider), h("label", { class: "part" }, h("span", {}, "variety"), variety, h("span", { class: "num" }, (+this.query.get("diversity") || 0).toFixed(1))));
  }
  get lead() { return this.seeds.find((x) => x.sign > 0); }
  body() {
    const seeds = this.seeds.map((x) => ({ ...(x.job ? { analysis: x.job } : { track: x.id }), weight: x.sign, start: x.end ? x.start : null, end: x.end || null }));
    const key = this.query.has("mixes") && this.lead && this.lead.track.key;
    return { seeds, limit: COUNT, versions: this.query.has("versions"), per_artist: +this.query.get("per_artist") || null, where: this.query.get("where"), compatible: key ? key.camelot : null, weights: readParts(this.query.get("weights")), diversity: +this.query.get("diversity") || 0, explain: true };
  }
  command() { return `earmark similar ${this.lead ? this.lead.id : ""}${this.query.has("versions") ? " --versions" : ""}${this.query.get("per_artist") ? ` --per-artist ${this.query.get("per_artist")}` : ""}`; }

  async ask() {
    if (!this.lead) return fill(this.results, empty("No seed yet", "Find a track above, choose tracks in the list, or press n on a row. A file dropped on the page can be a seed too.", btn("All tracks", { href: "/tracks", kind: "main" })));
    fill(this.results, skeleton(8));
    try {
      const { items } = await post("/similar", this.body(), this.signal);
      this.paint(items);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.results, problem(error, () => this.ask()));
    }
  }
  paint(items) {
    if (!items.length) return fill(this.results, empty("Nothing sounds like that", "No other track fits the rules."));
    const list = () => items, play = () => player.load(playable(items[0]), { play: true, list: items.map(playable) });
    const heads = [["Play", "c-play", true], ["Track", "c-title"], ["Tags", "c-tags"], ["BPM", "r c-tempo"], ["Key", "r c-key"], ["Length", "r c-length"], ["Similarity", "c-sim"], ["Why", "c-why", true]];
    fill(this.results, h("div", { class: "cardhead" }, h("p", { class: "cap", role: "status" }, many(items.length, "track"), ", the nearest first"), h("div", { class: "row" }, btn("Play", { icon: "play", on: play }), btn("Add to playlist", { icon: "plus", on: () => addToPlaylist(items.map((x) => x.track_id)) }))),
      h("table", { class: "tbl list", "aria-label": "Similar tracks" }, h("thead", {}, h("tr", {}, heads.map(([text, cls, hidden]) => h("th", { scope: "col", class: cls }, hidden ? h("span", { class: "sr" }, text) : text)))), h("tbody", {}, items.map((x) => this.row(x, list)))));
  }
  row(x, list) {
    const why = btn("why?", { kind: "quiet tiny", on: () => this.why(row, x, why) });
    why.setAttribute("aria-expanded", "false");
    const more = x.versions && x.versions.length ? h("span", { class: "pill" }, many(x.versions.length, "more version")) : null;
    const row = h("tr", { data: { row: x.track_id } }, h("td", { class: "c-play" }, playBtn(x, { list })), h("td", { class: "c-title" }, trackLink(x), more), h("td", { class: "c-tags" }, tagMinis(x, 3)), h("td", { class: "r c-tempo" }, fact(x.tempo && x.tempo.bpm ? Math.round(x.tempo.bpm) : null, !x.tempo || x.tempo.confidence >= 0.5)), h("td", { class: "r c-key" }, fact(x.key && x.key.camelot, !x.key || x.key.confidence >= 0.5)), h("td", { class: "r num c-length" }, time(x.duration)),
      h("td", { class: "c-sim" }, h("span", { class: "sim" }, h("span", { class: "num" }, share(x.score ?? x.similarity)), bar(Math.max(0, x.score ?? x.similarity)))), h("td", { class: "c-why" }, why));
    return row;
  }
  /** What both have in common, and both heard in turn where it is strongest. */
  async why(row, x, button) {
    const open = row.nextSibling && row.nextSibling.classList.contains("why") ? row.nextSibling : null;
    button.setAttribute("aria-expanded", String(!open));
    if (open) return open.remove();
    const shown = [...row.cells].filter((x) => x.offsetWidth).length, cell = h("td", { colspan: shown }, skeleton(2));
    row.after(h("tr", { class: "why" }, cell));
    const seed = this.lead, common = shared(seed.track, x);
    const passages = seed.job ? null : await passagesOf(seed.track, x, x.passages).catch(() => null);
    fill(cell, comparison(seed.track, x, common), x.parts ? partBars(x.parts) : null, passages ? h("div", { class: "row" }, [seed.track, x].map((t, i) => [h("span", { class: "cap" }, i ? "B" : "A"), playBtn(t, { passages: [passages[i]] }), h("span", { dir: "auto" }, nameOf(t)), h("span", { class: "num dim" }, `${time(passages[i].start)}–${time(passages[i].end)}`)]), btn("Play A and B in turn", { icon: "loop", on: () => inTurn([seed.track, x], passages) })) : null);
  }
}

const partBars = (parts) => h("dl", { class: "partbars" }, PARTS.filter((name) => parts[name] !== undefined && parts[name] !== null).map((name) => h("div", {}, h("dt", { class: "cap" }, name), h("dd", {}, bar(Math.max(0, parts[name])), h("span", { class: "num" }, share(parts[name]))))));

function comparison(a, b, common) {
  const sure = common.filter((x) => x.both), only = (t, other) => flatTags(t).filter((x) => x.sure && !["content", "scale"].includes(x.group) && !flatTags(other).some((y) => y.name === x.name && y.sure)).map((x) => label(x.tag));
  const pair = (name, f) => [name, f(a), f(b)];
  const rows = [pair("Tempo", (t) => (t.tempo && t.tempo.bpm ? `${Math.round(t.tempo.bpm)} BPM` : "–")), pair("Key", (t) => (t.key && t.key.name ? `${sharps(t.key.name)}, ${t.key.camelot}` : "–")), pair("Energy", (t) => (t.energy ? `${t.energy.level} ${share(t.energy.value)}` : "–")), pair("Only sure of", (t) => only(t, t === a ? b : a).join(", ") || "–")];
  return [h("p", {}, sure.length ? ["Both are surely ", h("b", {}, sure.map((x) => label(x.tag)).join(", ")), "."] : "No tag is sure in both; what they share is the sound as a whole.", h("span", { class: "dim" }, " Similarity is of the sound as the network hears it.")),
    h("table", { class: "tbl whytbl" }, h("thead", {}, h("tr", {}, ["", "A", "B"].map((x) => h("th", { scope: "col" }, x || h("span", { class: "sr" }, "What"))))), h("tbody", {}, rows.map(([name, x, y]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, x), h("td", {}, y)))))];
}
