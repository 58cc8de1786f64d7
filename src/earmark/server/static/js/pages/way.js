// Tracks that lead from one to another in even steps of sound: /similar?from=ID&to=ID&count=12, which can be kept as a playlist.

import { addToPlaylist } from "../addto.js";
import { get, post } from "../api.js";
import { add, fill, h } from "../dom.js";
import { finder } from "../finder.js";
import { many, share, time } from "../format.js";
import { icon } from "../icons.js";
import { listLine } from "../listline.js";
import { asData, btn, empty, head, nameOf, playBtn, playable, problem, skeleton } from "../parts.js";
import { player } from "../player.js";
import { go } from "../route.js";
import { plainRow } from "./playlists.js";

const COUNT = 12, FEWEST = 3, MOST = 100;
const LONGEST = 200; // letters of a playlist's name

export async function showWay(root, query, signal) {
  const [from, to] = await Promise.all(["from", "to"].map((name) => (query.get(name) ? get(`/tracks/${encodeURIComponent(query.get(name))}`, signal) : null)));
  new Way(root, query, from, to, signal).show();
}

class Way {
  constructor(root, query, from, to, signal) { Object.assign(this, { root, query, from, to, signal, results: h("section", { class: "results", "aria-label": "The way" }) }); }
  get count() { return Math.min(MOST, Math.max(FEWEST, +this.query.get("count") || COUNT)); }
  change(values) {
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(values)) value ? query.set(name, value) : query.delete(name);
    if (!query.has("from") && !query.has("to")) query.set("from", "");
    go(`/similar?${query}`);
  }
  show() {
    const swap = btn("The other way round", { icon: "loop", only: true, disabled: !this.from && !this.to, on: () => this.change({ from: this.query.get("to"), to: this.query.get("from") }) }), wide = matchMedia("(min-width: 981px)").matches;
    add(this.root, h("div", { class: "page" }, head("The way from one track to another", "Even steps of sound, both ends included; no song comes twice.", btn("What sounds alike", { icon: "near", href: `/similar${this.from ? `?seed=${this.from.track_id}` : ""}` })),
      h("div", { class: "row seeds" }, this.end("from", this.from), swap, this.end("to", this.to)),
      h("div", { class: "split" }, h("details", { class: "railbox", open: wide }, h("summary", { class: "btn" }, h("span", {}, "Rules"), icon("down")), h("aside", { class: "rail", "aria-label": "Rules" }, this.rules())), this.results), asData(null, "POST /api/v1/paths")));
    this.ask();
  }
  /** One end: what it is, or what finds it. */
  end(name, track) {
    if (!track) return h("span", { class: "row" }, h("span", { class: "cap" }, name), finder(`Find the track ${name} which it ${name === "from" ? "begins" : "goes"}`, (x) => this.change({ [name]: x.track_id }), false));
    return h("span", { class: "chip" }, h("span", { class: "cap" }, name), playBtn(track), h("b", { dir: "auto" }, nameOf(track)), btn(`Another in place of ${nameOf(track)}`, { icon: "x", only: true, kind: "quiet tiny", on: () => this.change({ [name]: "" }) }));
  }
  rules() {
    const field = (name, text, props) => { const input = h("input", { ...props, value: this.query.get(name) || "", on: { change: () => input.checkValidity() && this.change({ [name]: input.value }) } }); return h("label", { class: "field" }, h("span", {}, text), input); };
    const versions = h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.query.has("versions"), on: { change: (event) => this.change({ versions: event.target.checked ? "1" : "" }) } }), h("span", {}, "Other versions too"));
    return [h("h2", {}, "Rules"), field("count", "Tracks", { type: "number", min: FEWEST, max: MOST, placeholder: COUNT }), field("per_artist", "Tracks of one artist at most", { type: "number", min: 1, max: MOST, placeholder: "any" }), field("where", "Only tracks where", { type: "text", placeholder: "tempo > 100", spellcheck: "false" }), versions];
  }
  async ask() {
    if (!this.from || !this.to) return fill(this.results, empty("Two tracks are needed", "Find where it begins and where it goes."));
    fill(this.results, skeleton(8));
    try {
      const { items } = await post("/paths", { start: this.from.track_id, end: this.to.track_id, count: this.count, per_artist: +this.query.get("per_artist") || null, where: this.query.get("where") || null, versions: this.query.has("versions") }, this.signal);
      this.paint(items.map((x, i) => ({ ...x, position: i + 1 })));
    } catch (error) {
      if (error.name !== "AbortError") fill(this.results, problem(error, () => this.ask()));
    }
  }
  paint(rows) {
    const says = h("div", {}), ids = rows.map((x) => x.track_id), name = `${nameOf(this.from)} to ${nameOf(this.to)}`.slice(0, LONGEST);
    const keep = async () => { try { go(`/playlists/${(await post("/playlists", { name, tracks: ids })).id}`); } catch (error) { fill(says, problem(error)); } };
    const steps = rows.slice(1).map((x) => x.similarity), hardest = steps.indexOf(Math.min(...steps));
    fill(this.results, h("div", { class: "cardhead" }, h("p", { class: "cap", role: "status" }, `${many(rows.length, "track")}, ${time(rows.reduce((sum, x) => sum + x.duration, 0))}`, steps.length ? `; the longest step is to ${nameOf(rows[hardest + 1])}, ${share(steps[hardest])}` : ""),
      h("div", { class: "row" }, btn("Play", { icon: "play", on: () => player.load(playable(rows[0]), { play: true, list: rows.map(playable) }) }), btn("Add to playlist", { icon: "plus", on: () => addToPlaylist(ids) }), btn("Keep as a playlist", { kind: "main", title: "A list of its own, which can be changed and exported", on: keep }))),
      says, listLine(rows), h("ol", { class: "plrows" }, rows.map((row, i) => plainRow(row, rows[i + 1], rows))));
  }
}
