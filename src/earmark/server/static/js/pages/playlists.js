// All playlists, a new one, and one with its recipe beside its rows.

import { del, get, patch, post } from "../api.js";
import { $, $$, add, fill, h, say } from "../dom.js";
import { exportMenu } from "../exporting.js";
import { finder } from "../finder.js";
import { many, share, time } from "../format.js";
import { icon } from "../icons.js";
import { listLine } from "../listline.js";
import { asData, btn, empty, fact, head, menu, nameOf, playBtn, playable, problem, trackLink } from "../parts.js";
import { player } from "../player.js";
import { go } from "../route.js";
import { sendMenu } from "../sending.js";
import { RecipeForm } from "./recipe.js";

const MIXES = 0.06; // of the slower tempo

export const playlists = {
  title: () => "Playlists",
  async show(root, route) {
    const page = h("div", { class: "page playlists" });
    add(root, page);
    if (route.id === "new") return newList(page, route);
    if (route.id) return new Editor(page, await get(`/playlists/${route.id}`)).show();
    allLists(page, (await get("/playlists")).items);
  },
};

function allLists(page, items) {
  const card = (x) => h("li", { class: "card listcard" }, h("h2", {}, h("a", { href: `/playlists/${x.id}`, dir: "auto" }, x.name)), h("p", { class: "cap num" }, `${many(x.tracks, "track")}, ${time(x.duration)}`), h("p", { class: "cap" }, x.recipe ? "by a recipe" : "by hand"));
  const make = btn("New playlist", { icon: "plus", kind: "main", href: "/playlists/new" });
  fill(page, head("Playlists", "Made by a recipe, which can be run again after a scan, or by hand.", make), items.length ? h("ul", { class: "listgrid" }, items.map(card)) : empty("No playlist yet", "Make one by a recipe, or tick tracks in any list and add them to one."), asData("earmark playlist list", "/api/v1/playlists"));
}

async function seedNames(recipe) {
  const ids = [...((recipe && recipe.like) || []), ...((recipe && recipe.unlike) || [])];
  const found = await Promise.all(ids.map((id) => get(`/tracks/${encodeURIComponent(id)}`).catch(() => null)));
  return new Map(ids.map((id, i) => [id, found[i]]).filter(([, x]) => x));
}

/** A recipe that becomes a list; what it would give is shown before it is kept. */
async function newList(page, route) {
  const recipe = { like: route.query.getAll("seed"), text: route.query.get("q") || "", rules: { tracks: 20 } }, form = new RecipeForm(recipe, await seedNames(recipe));
  const name = h("input", { type: "text", required: true, maxlength: 200, placeholder: "Late drive" }), says = h("div", {}), result = h("section", { class: "card", "aria-label": "Result" }, empty("Nothing made yet", "Preview shows what the recipe gives; Keep it stores the list."));
  const run = async (dry) => {
    fill(says);
    try {
      const found = await post("/playlists", { name: name.value.trim() || "Preview", recipe: form.value(), dry_run: dry });
      dry ? fill(result, summary(found), listLine(found.rows), h("ol", { class: "plrows" }, found.rows.map((row, i) => plainRow(row, found.rows[i + 1], found.rows)))) : go(`/playlists/${found.id}`);
    } catch (error) { fill(says, problem(error)); }
  };
  const submit = (event) => { event.preventDefault(); run(false); };
  const side = h("form", { class: "card stack", "aria-label": "Recipe", on: { submit } }, h("label", { class: "field" }, h("span", {}, "Name"), name), form.el, says, h("div", { class: "row" }, btn("Preview", { icon: "loop", on: () => run(true) }), btn("Another", { title: "Preview with the next seed number", on: () => { form.another(); run(true); } }), btn("Keep it", { kind: "main", type: "submit" })));
  fill(page, head("New playlist"), h("div", { class: "plsplit" }, side, result));
}

const summary = (list) => h("p", {}, h("b", {}, many(list.rows.length, "track")), h("span", { class: "num dim" }, ` ${time(list.rows.reduce((sum, x) => sum + x.duration, 0))}`), list.compatible === null ? null : h("span", { class: "cap" }, ` ${Math.round(100 * list.compatible)} % of neighbours mix`));

/** How far apart two Camelot codes are on the wheel; null where one is unknown. */
function keySteps(a, b) {
  if (!a || !b) return null;
  const apart = Math.abs(parseInt(a, 10) - parseInt(b, 10)), steps = Math.min(apart, 12 - apart);
  return steps + (a.at(-1) === b.at(-1) ? 0 : 1);
}
/** What happens from a row to the next. */
function change(row, next) {
  if (!next) return h("span", { class: "trans cap" });
  const steps = keySteps(row.camelot, next.camelot), ratio = row.bpm && next.bpm ? next.bpm / row.bpm : null, mixes = steps !== null && steps <= 1;
  const far = ratio && Math.abs(ratio - 1) > MIXES, percent = ratio ? Math.round(100 * (ratio - 1)) : 0;
  const tempo = ratio === null ? "tempo ?" : percent === 0 ? "same tempo" : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
  return h("span", { class: "trans cap" }, h("span", { class: mixes ? "ok" : "" }, mixes ? "✓ in key" : steps === null ? "key ?" : `${steps} keys off`), h("span", { class: far || !ratio ? "" : "ok" }, far || !ratio ? "" : "✓ ", tempo), next.similarity === undefined ? null : h("span", { class: "num", title: "How alike in sound" }, share(next.similarity)));
}
const values = (row, next) => [h("span", { class: "num r pl-b" }, fact(row.bpm ? Math.round(row.bpm) : null)), h("span", { class: "num r pl-k" }, fact(row.camelot)), h("span", { class: "num r pl-e" }, share(row.energy)), h("span", { class: "num r dim pl-t" }, time(row.duration)), change(row, next)];
const present = (rows) => rows.filter((x) => !x.missing);
const name = (row) => (row.missing ? h("span", { class: "who" }, h("span", { class: "ttl", dir: "auto" }, row.title || row.track_id), h("span", { class: "art bad" }, "its file is gone")) : trackLink(row));
export const plainRow = (row, next, rows) => h("li", { data: { row: row.track_id } }, h("span", { class: "num dim no" }, row.position), playBtn(row, { list: () => present(rows) }), name(row), values(row, next));

class Editor {
  constructor(page, list) { Object.assign(this, { page, list, news: new Set(), rows: h("section", { class: "card", "aria-label": "Tracks of the list" }), says: h("div", {}), diff: h("div", {}) }); }
  get path() { return `/playlists/${this.list.id}`; }

  async show() {
    this.form = new RecipeForm(this.list.recipe, await seedNames(this.list.recipe));
    this.head = h("div", {});
    const again = () => { this.form.another(); this.refresh(false); };
    const side = h("form", { class: "card stack", "aria-label": "Recipe", on: { submit: (event) => { event.preventDefault(); this.refresh(false); } } }, h("h2", {}, "Recipe"), this.list.recipe ? null : h("p", { class: "cap" }, "This list was made by hand. A recipe fills what is not locked."), this.form.el, this.says,
      h("div", { class: "row" }, btn("Make again", { icon: "loop", kind: "main", type: "submit" }), btn("Another", { title: "The next seed number", on: again }), btn("What would change", { on: () => this.refresh(true) })), h("p", { class: "cap" }, "Locked rows stay where they are."));
    fill(this.page, this.head, h("div", { class: "plsplit" }, side, h("div", { class: "stack" }, this.diff, this.rows)), asData(`earmark playlist show ${this.list.id}`, `/api/v1${this.path}`));
    this.paint();
  }

  // -- changing ---------------------------------------------------------------------------------------------------

  /** One change by hand; it is refused where somebody else has changed the list meanwhile. */
  async edit(values, told, undoable = true) {
    try {
      this.list = await patch(this.path, { revision: this.list.revision, ...values });
      this.paint();
      if (told) say(told, undoable ? () => this.undo() : null);
    } catch (error) { await this.failed(error); }
  }
  undo() { return this.edit({ undo: true }, "Taken back", false); }
  async failed(error) {
    fill(this.says, problem(error));
    const now = await get(this.path).catch(() => null);
    if (now && now.revision !== this.list.revision) { this.list = now; this.paint(); say("It was changed elsewhere meanwhile; this is how it is now"); }
  }
  async refresh(dry) {
    fill(this.says);
    try {
      const found = await post(`${this.path}/refresh`, { recipe: this.form.value(), dry_run: dry, revision: dry ? null : this.list.revision });
      if (!dry) this.list = found.playlist;
      this.news = new Set(found.added.map((x) => x.track_id));
      this.paintDiff(found, dry);
      this.paint();
    } catch (error) { await this.failed(error); }
  }
  move(row, to) {
    if (to < 1 || to > this.list.rows.length || to === row.position) return;
    return this.edit({ move: [[row.position, to]] }).then(() => {
      const grip = $(`[data-grip="${to}"]`, this.rows);
      if (grip) grip.focus();
      $("#live").textContent = `${row.title}, now ${to} of ${this.list.rows.length}`;
    });
  }

  // -- painting ---------------------------------------------------------------------------------------------------

  paint() {
    const { list } = this;
    const play = () => player.load(playable(present(list.rows)[0]), { play: true, list: present(list.rows).map(playable) });
    fill(this.head, head(list.name, `${many(list.tracks, "track")}, ${time(list.duration)}${list.missing ? `, ${many(list.missing, "file is", "files are")} gone` : ""}`, present(list.rows).length ? btn("Play", { icon: "play", kind: "main", on: play }) : null, exportMenu(this.path), sendMenu(list.id), btn(`Undo${list.undo.length ? `: ${list.undo.at(-1)}` : ""}`, { icon: "undo", disabled: !list.undo.length, on: () => this.undo() }), this.more()));
    fill(this.rows, h("div", { class: "cardhead" }, summary(list), finder("Find a track to add to the list", (x) => this.edit({ add: [x.track_id] }, `${nameOf(x)} added`), false)), list.rows.length > 1 ? listLine(list.rows) : null,
      list.rows.length ? h("ol", { class: "plrows" }, list.rows.map((row, i) => this.row(row, list.rows[i + 1]))) : empty("An empty list", "Add tracks above, or tick them in any list, or make it by the recipe."));
  }
  more() {
    const input = h("input", { type: "text", required: true, maxlength: 200, value: this.list.name, "aria-label": "New name" });
    const rename = (event) => { event.preventDefault(); this.edit({ rename: input.value.trim() }, "Renamed"); };
    const drop = async () => { try { await del(this.path); say(`${this.list.name} is forgotten; its tracks stay`); go("/playlists"); } catch (error) { this.failed(error); } };
    return menu("More", h("form", { class: "row nowrap", on: { submit: rename } }, input, btn("Rename", { type: "submit" })), btn("Forget the list", { kind: "quiet danger", icon: "x", on: drop }));
  }
  row(row, next) {
    const { position: n, title } = row, act = (text, icon, on, more = {}) => btn(text, { icon, only: true, kind: "quiet tiny", on, ...more }), to = (k) => () => this.move(row, n + k);
    const keys = (event) => { const k = { ArrowUp: -1, ArrowDown: 1 }[event.key]; if (k) { event.preventDefault(); this.move(row, n + k); } };
    const grip = h("button", { type: "button", class: "grip", data: { grip: n, ownkeys: "" }, "aria-label": `${title}, ${n} of ${this.list.rows.length}; arrows up and down move it`, on: { keydown: keys } }, icon("grip"));
    const lock = act(`${row.locked ? "Unlock" : "Lock"} ${title}`, row.locked ? "lock" : "open", () => this.edit(row.locked ? { unlock: [n] } : { lock: [n] }), { pressed: row.locked });
    const el = h("li", { draggable: "true", data: { row: row.track_id }, class: `${row.locked ? "ear" : ""} ${this.news.has(row.track_id) ? "is-new" : ""}` }, grip, h("span", { class: "num dim no" }, this.news.has(row.track_id) ? "+" : "", n), playBtn(row, { list: () => present(this.list.rows) }), name(row), values(row, next),
      h("span", { class: "acts" }, lock, act(`Move ${title} up`, "up", to(-1), { disabled: n === 1 }), act(`Move ${title} down`, "down", to(1), { disabled: !next }), act(`Remove ${title}`, "x", () => this.edit({ remove: [n] }, `${title} removed`))));
    this.draggable(el, row);
    return el;
  }
  draggable(el, row) {
    el.addEventListener("dragstart", (event) => { this.dragged = row; event.dataTransfer.setData("text/plain", row.title); el.classList.add("is-drag"); });
    el.addEventListener("dragend", () => { this.dragged = null; $$(".is-drag, .is-over", this.rows).forEach((x) => x.classList.remove("is-drag", "is-over")); });
    el.addEventListener("dragover", (event) => { if (this.dragged) { event.preventDefault(); el.classList.add("is-over"); } });
    el.addEventListener("dragleave", () => el.classList.remove("is-over"));
    el.addEventListener("drop", (event) => { if (this.dragged) { event.preventDefault(); this.move(this.dragged, row.position); } });
  }
  paintDiff({ added, removed, moved, compatible }, dry) {
    const line = (mark, rows, cls) => rows.map((x) => h("li", { class: cls }, h("b", { class: "num" }, mark), " ", h("bdi", {}, x.title)));
    const mixed = compatible.after === null ? "" : ` ${Math.round(100 * compatible.after)} % of neighbours mix${compatible.before === null ? "" : `, before ${Math.round(100 * compatible.before)} %`}.`;
    const text = `${dry ? "It would be: " : ""}${added.length} added, ${removed.length} removed, ${moved.length} moved.${mixed}`;
    fill(this.diff, h("section", { class: "card stack tight", "aria-label": "What changed", role: "status" }, h("div", { class: "cardhead" }, h("p", {}, text), dry ? null : btn("Undo", { icon: "undo", kind: "tiny", on: () => { fill(this.diff); this.news.clear(); this.undo(); } })), added.length + removed.length ? h("ul", { class: "diff" }, line("+", added, "good"), line("−", removed, "bad")) : null));
  }
}
