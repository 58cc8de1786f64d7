// The collection as a map: colours, what lies under the pointer, what is chosen, true neighbours, and a table of the same.

import { addToPlaylist } from "../addto.js";
import { BASE, follow, get, post } from "../api.js";
import { catalogue } from "../catalogue.js";
import { $, add, fill, h, say } from "../dom.js";
import { many, share } from "../format.js";
import { bar, btn, empty, head, nameOf, playBtn, playable, problem, skeleton, trackLink } from "../parts.js";
import { player } from "../player.js";
import { go, note } from "../route.js";
import { label } from "../tags.js";
import { MapCanvas } from "../map/canvas.js";
import { legendOf } from "../map/colours.js";
import { Points } from "../map/raster.js";

const FIELDS = ["genre", "energy", "tempo", "camelot", "year", "tags", "metre", "artist", "loudness"];
const IN_TABLE = 200; // rows of what was chosen
const ID = 10; // bytes
const NEIGHBOURS = 10;
const SETTLE = 120; // milliseconds that the pointer rests before a title is asked for

export const map = {
  title: () => "Map",
  async show(root, route, leave) {
    const page = h("div", { class: "mappage" });
    add(root, page);
    try {
      const [about, known] = await Promise.all([get("/map"), catalogue()]);
      const view = new MapPage(page, about, known, route.query.get("colour") || "genre");
      leave(() => view.destroy());
      await view.load();
    } catch (error) {
      if (error.status !== 404) throw error;
      noMap(page, leave);
    }
  },
};

/** Where there is no map yet, or it shall be made again: a job that can be watched here. */
function noMap(page, leave) {
  const says = h("div", {}), build = btn("Make the map", { kind: "main", on: () => begin(says, build, leave) });
  fill(page, h("div", { class: "page" }, head("Map"), empty("No map yet", "It lays the collection out so that what sounds alike lies together. A hundred thousand tracks take some minutes.", build), says));
}
async function begin(place, button, leave, anew = false) {
  button.disabled = true;
  const prog = h("div", { class: "prog", role: "progressbar", "aria-label": "The map is being made", "aria-valuemin": 0, "aria-valuemax": 100, vars: { "--p": 0 } }), text = h("p", { class: "cap", role: "status" }, "Waits for its turn");
  fill(place, text, prog);
  try {
    const job = await post("/map/build", { anew });
    dispatchEvent(new Event("jobs"));
    leave(follow(job.id, (news) => {
      const { done = 0, total = 0, stage = "" } = news.progress || {};
      prog.style.setProperty("--p", total ? done / total : 0);
      text.textContent = stage || news.state;
      if (news.state === "succeeded") { go("/map?made=1", true); go("/map", true); }
      if (news.error) fill(place, problem({ message: news.error.problem, source: news.error.source, remedy: news.error.remedy }));
    }));
  } catch (error) { fill(place, problem(error)); button.disabled = false; }
}

const hex = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

class MapPage {
  constructor(page, about, known, field) {
    Object.assign(this, { page, about, known, field, tracks: new Map(), ends: [], leave: (act) => this.ends.push(act) });
  }
  destroy() {
    if (this.canvas) this.canvas.destroy();
    this.ends.forEach((act) => act());
    clearTimeout(this.timer);
    removeEventListener("scheme", this.repaint);
    removeEventListener("letgo", this.letGo);
    removeEventListener("lasso", this.lasso);
  }
  async load() {
    this.stage = h("div", { class: "mapstage" });
    this.side = h("aside", { class: "mapside", "aria-label": "What is chosen" });
    fill(this.page, this.stage, this.side);
    const answer = await fetch(`${BASE}/map/points`, { credentials: "same-origin" }), bytes = await answer.arrayBuffer(), n = bytes.byteLength / (8 + ID);
    this.ids = new Uint8Array(bytes, 8 * n);
    this.points = new Points(new Float32Array(bytes, 0, 2 * n));
    this.tip = h("div", { class: "maptip", hidden: true });
    this.canvas = new MapCanvas(this.stage, this.points, this.about.labels, { hover: (i, event) => this.hover(i, event), pick: (i) => this.pick(i), chosen: (found) => this.choose(found) });
    this.legend = h("div", { class: "maplegend", role: "region", "aria-label": "Legend" });
    add(this.stage, this.tools(), this.legend, this.tip);
    this.canvas.top.addEventListener("keydown", (event) => this.key(event));
    this.repaint = () => this.canvas.later();
    this.letGo = () => { this.canvas.pick(-1); this.start(); };
    addEventListener("scheme", this.repaint);
    addEventListener("letgo", this.letGo);
    this.start();
    await this.colour(this.field);
  }
  idOf(i) { let text = ""; for (let k = i * ID; k < (i + 1) * ID; k++) text += hex[this.ids[k]]; return text; }
  numberOf(id) {
    if (!this.numbers) { this.numbers = new Map(); for (let i = 0; i < this.points.n; i++) this.numbers.set(this.idOf(i), i); }
    return this.numbers.get(id) ?? -1;
  }
  async track(i) {
    const id = this.idOf(i);
    if (!this.tracks.has(id)) this.tracks.set(id, get(`/tracks/${id}?fields=title,artist,path,genre,tempo,energy,duration`).catch(() => ({ track_id: id, title: "gone" })));
    return this.tracks.get(id);
  }

  // -- tools ------------------------------------------------------------------------------------------------------

  tools() {
    const { canvas } = this, choose = [["move", "hand", "Move the map"], ["box", "box", "Choose by a box"], ["lasso", "lasso", "Choose by a line around", "l"]];
    const buttons = choose.map(([tool, icon, text]) => btn(text, { icon, only: true, pressed: canvas.tool === tool, on: () => take(tool) }));
    const take = (tool) => { canvas.tool = tool; buttons.forEach((x, i) => x.setAttribute("aria-pressed", String(choose[i][0] === tool))); };
    this.lasso = () => { take(canvas.tool === "lasso" ? "move" : "lasso"); $("#live").textContent = canvas.tool === "lasso" ? "A line around tracks chooses them" : "The map is moved"; };
    addEventListener("lasso", this.lasso);
    const fields = [...FIELDS.filter((x) => this.known.fields[x]), ...Object.keys(this.known.fields).filter((x) => this.known.fields[x] === "number" && !FIELDS.includes(x))];
    const select = h("select", { "aria-label": "Colour by" }, fields.map((x) => h("option", { value: x, selected: x === this.field }, label(x))));
    select.addEventListener("change", () => { note(`/map?colour=${select.value}`); this.colour(select.value).catch((error) => say(error.message)); });
    return h("div", { class: "maptools row" }, buttons, btn("Nearer", { icon: "plus", only: true, on: () => canvas.zoom(1.5) }), btn("Farther", { icon: "minus", only: true, on: () => canvas.zoom(1 / 1.5) }), btn("All", { on: () => canvas.all() }), select);
  }
  async colour(field) {
    const found = await get(`/map/colours?field=${encodeURIComponent(field)}`), values = Uint8Array.from(atob(found.values), (x) => x.charCodeAt(0));
    this.canvas.colour(found, values);
    this.paintLegend(found, legendOf(found, values));
  }
  paintLegend(found, all) {
    const row = (name, count, cls) => h("li", {}, h("i", { class: `dot ${cls}` }), h("span", { dir: "auto" }, name), h("span", { class: "num dim" }, count.toLocaleString("en-GB"))), number = (x) => (Math.abs(x) < 10 ? x.toFixed(2) : Math.round(x));
    if (found.kind === "number") return fill(this.legend, h("b", {}, label(found.field)), h("div", { class: "heat" }), h("div", { class: "row nowrap ends num" }, h("span", {}, number(all.low)), h("span", {}, number(all.high))), all.unknown ? h("ul", {}, row("unknown", all.unknown, "none")) : null);
    fill(this.legend, h("ul", {}, all.rows.map((x) => row(label(x.name), x.count, `g${x.group}`)), all.other ? row("other", all.other, "g0") : null, all.unknown ? row("unsure", all.unknown, "none") : null));
  }

  // -- pointing ---------------------------------------------------------------------------------------------------

  hover(i, event) {
    clearTimeout(this.timer);
    this.tip.hidden = true;
    if (i < 0 || !event) return;
    const box = this.stage.getBoundingClientRect(), x = Math.min(event.clientX - box.left + 14, box.width - 230), y = Math.min(event.clientY - box.top + 14, box.height - 70);
    this.timer = setTimeout(async () => {
      const found = await this.track(i);
      if (this.canvas.hovered !== i) return;
      fill(this.tip, h("b", { dir: "auto" }, nameOf(found)), h("span", { dir: "auto" }, found.artist || "unknown artist"));
      this.tip.style.setProperty("--x", `${x}px`);
      this.tip.style.setProperty("--y", `${y}px`);
      this.tip.hidden = false;
    }, SETTLE);
  }
  /** A track is chosen: it plays, and lines go to what truly sounds most like it. */
  async pick(i, play = true) {
    this.canvas.pick(i);
    const found = await this.track(i);
    if (play) player.load(playable(found), { play: true });
    fill(this.side, this.title(found, i), skeleton(4), this.honesty());
    const { items } = await post("/similar", { seeds: [{ track: found.track_id }], limit: NEIGHBOURS, versions: true, fields: ["title", "artist", "path", "duration"] }).catch((error) => { say(error.message); return { items: [] }; });
    if (this.canvas.picked !== i) return;
    const places = items.map((x) => this.numberOf(x.track_id));
    this.canvas.pick(i, places.filter((x) => x >= 0));
    const far = this.farOnes(i, places);
    const row = (x, k) => h("li", { data: { row: x.track_id } }, playBtn(x, { list: () => items }), trackLink(x), far[k] ? h("span", { class: "pill" }, "far on the map") : h("span", {}), h("span", { class: "num" }, share(x.similarity)));
    fill(this.side, this.title(found, i), h("h2", {}, "True neighbours"), h("ul", { class: "near" }, items.map(row)), h("div", { class: "row" }, btn("Similar", { icon: "near", href: `/similar?seed=${found.track_id}` }), btn("Open", { href: `/tracks/${found.track_id}` }), btn("Add to playlist", { icon: "plus", on: () => addToPlaylist([found.track_id, ...items.map((x) => x.track_id)]) })), this.honesty());
  }
  /** Which of the true neighbours are not among the nearest of the map. */
  farOnes(i, places) {
    const [x, y] = this.points.at(i), apart = places.map((p) => { if (p < 0) return Infinity; const [a, b] = this.points.at(p); return Math.hypot(a - x, b - y); });
    const { w, h: height } = this.points.bounds;
    return apart.map((d) => d > 0.15 * Math.hypot(w, height));
  }
  title(found) { return h("div", { class: "cardhead" }, h("div", { class: "who" }, h("h1", { tabindex: -1, dir: "auto" }, nameOf(found)), h("span", { class: "cap", dir: "auto" }, found.artist || "unknown artist")), playBtn(found)); }
  honesty() {
    const { kept, by_chance: chance } = this.about;
    return h("p", { class: "cap honest" }, "Nearness on the map is a sketch: of ten true neighbours ", h("b", { class: "num" }, (10 * kept).toFixed(1)), ` are near here, ${(10 * chance).toFixed(1)} by chance. Lists and lines are exact.`);
  }
  start() {
    const says = h("div", {}), again = btn("Make it again", { icon: "loop", kind: "tiny", on: () => begin(says, again, this.leave, true) });
    fill(this.side, h("h1", { tabindex: -1 }, "Map"), h("p", {}, many(this.points.n, "track"), this.about.missing ? `, ${this.about.missing} not on it yet` : ""), bar(this.about.kept), this.honesty(), h("p", { class: "cap" }, "Click a track: it plays, and lines go to what sounds most like it. Draw a box or a line around tracks to list them."), h("div", { class: "row" }, btn("List what is in sight", { icon: "list", on: () => this.inSight() }), again), says);
  }
  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key], { picked } = this.canvas;
    if (way) { const next = picked < 0 ? this.points.order[this.points.n >> 1] : this.points.towards(picked, ...way); if (next >= 0) { this.pick(next, false); this.track(next).then((x) => { $("#live").textContent = nameOf(x); }); } }
    else if (event.key === "Enter" && picked >= 0) go(`/tracks/${this.idOf(picked)}`);
    else if (event.key === " ") picked >= 0 && this.track(picked).then((x) => (player.is(x.track_id) ? player.toggle() : player.load(playable(x), { play: true })));
    else if (event.key === "l") this.lasso();
    else if (event.key === "+") this.canvas.zoom(1.5);
    else if (event.key === "-") this.canvas.zoom(1 / 1.5);
    else if (event.key === "0") this.canvas.all();
    else return;
    event.preventDefault();
  }

  // -- choosing ---------------------------------------------------------------------------------------------------

  inSight() {
    const { low } = this.canvas, corner = (x, y) => this.canvas.toMap([x, y]);
    this.choose(this.points.inside([corner(0, 0), corner(low.width, 0), corner(low.width, low.height), corner(0, low.height)]));
  }
  async choose(found) {
    const ids = found.map((i) => this.idOf(i)), shown = ids.slice(0, IN_TABLE);
    fill(this.side, h("h1", { tabindex: -1 }, many(ids.length, "track")), skeleton(4));
    const { items } = shown.length ? await post("/tracks/search", { filter: { field: "track_id", op: "in", value: shown }, limit: IN_TABLE, fields: ["title", "artist", "path", "duration"] }) : { items: [] };
    const list = () => items, row = (x) => h("tr", { data: { row: x.track_id } }, h("td", {}, playBtn(x, { list })), h("td", {}, trackLink(x)), h("td", {}, btn(`Show ${nameOf(x)} on the map`, { icon: "near", only: true, kind: "quiet tiny", on: () => this.pick(this.numberOf(x.track_id), false) })));
    fill(this.side, h("h1", { tabindex: -1 }, many(ids.length, "track")), ids.length > IN_TABLE ? h("p", { class: "cap" }, `The first ${IN_TABLE} are listed; a playlist takes all, 5,000 at most.`) : null,
      h("div", { class: "row" }, btn("Add to playlist", { icon: "plus", kind: "main", disabled: !ids.length, on: () => addToPlaylist(ids) }), btn("Back", { on: () => this.letGo() })), h("table", { class: "tbl", "aria-label": "Tracks of this part of the map" }, h("thead", {}, h("tr", {}, ["Play", "Track", "Place"].map((x) => h("th", { scope: "col" }, x)))), h("tbody", {}, items.map(row))));
  }
}
