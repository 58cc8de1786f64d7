// All tracks, or those that a question finds: what was understood, facets, a long table.

import { addToPlaylist } from "../addto.js";
import { post } from "../api.js";
import { catalogue, isMissing } from "../catalogue.js";
import { chosen, choosing } from "../chosen.js";
import { columnMenu } from "../columnmenu.js";
import { DEFAULT, PARTS, columns, remember, wantedColumns } from "../columns.js";
import { $, add, fill, h, say } from "../dom.js";
import { FIELDS, rail } from "../facets.js";
import { many } from "../format.js";
import { icon, shape } from "../icons.js";
import { asData, btn, empty, menu, playable, problem, skeleton } from "../parts.js";
import { player } from "../player.js";
import { understand, without, written } from "../question.js";
import { go, note } from "../route.js";
import { LongTable } from "../table.js";
import { label } from "../tags.js";
import { firstRun } from "./firstrun.js";
import { MODES, askMeaning, foundText, meaningTable, notes, nothing, readWeights, understoodChips, writeWeights } from "./meaning.js";

const FIRST = 40; // tracks of the first screen
const PAGE = 100; // and those asked for at once afterwards
const TITLE = 12; // rem at least, of a title beside chosen columns
const MOST = 5000; // tracks that are chosen at once
const NAMES = ["path", "title", "artist", "duration"];
const shut = new Set(matchMedia("(max-width: 980px)").matches ? FIELDS.slice(1) : ["year", "artist"]);
const EXPORTS = [["csv", "CSV"], ["jsonl", "JSON Lines"], ["parquet", "Parquet"]];

export const tracks = {
  title: (route) => route.query.get("q") || "Tracks",
  async show(root, route, leave) {
    const known = await catalogue().catch((error) => { if (isMissing(error)) return null; throw error; });
    if (!known || !known.tracks) return firstRun(root, leave, known);
    const view = new View(root, route, known);
    leave(() => view.destroy());
    await view.ask();
  },
};

class View {
  constructor(root, route, known) {
    Object.assign(this, { known, text: route.query.get("q") || "", sort: route.query.get("sort") || "", mode: route.query.get("mode") || "words", weights: readWeights(route.query.get("tags")), shown: wantedColumns(route.query.get("columns"), known), cursor: null, total: null, found: null, stop: new AbortController() });
    this.question = understand(this.text, known.fields, known.tags);
    this.head = h("div", { class: "head" });
    this.chips = h("div", { class: "understood" });
    this.railEl = h("aside", { class: "rail", "aria-label": "Filters" });
    this.results = h("section", { class: "results", "aria-label": "Found" }, skeleton(10));
    this.bar = h("div", { class: "selwrap" });
    this.sideways = h("div", { class: "sidewrap" });
    const box = h("details", { class: "railbox", open: matchMedia("(min-width: 981px)").matches }, h("summary", { class: "btn" }, h("span", {}, "Filters"), icon("down")), this.railEl);
    add(root, h("div", { class: "page" }, this.head, this.chips, h("div", { class: "split" }, box, h("div", { class: "mainside" }, this.results, this.sideways, this.bar)), this.data()));
    this.keepColumns(this.shown);
    this.paintHead(null);
    this.paintChips();
    this.choose = choosing(this.bar, { rows: () => this.results, items: () => this.found || (this.table ? this.table.items : []), rest: () => (this.cursor ? () => this.everything() : null), facts: known.facts, renew: (ids) => this.renew(ids) });
  }
  /** Whether the sound is asked, not only names. */
  get isMeaning() { return this.mode !== "words" && Boolean(this.question.words || Object.keys(this.weights).length); }
  destroy() {
    this.stop.abort();
    if (this.table) this.table.destroy();
  }
  change(text) {
    const query = new URLSearchParams(text ? { q: text } : {});
    if (this.sort && !understand(text, this.known.fields, this.known.tags).words) query.set("sort", this.sort);
    if (this.mode !== "words") query.set("mode", this.mode);
    if (Object.keys(this.weights).length) query.set("tags", writeWeights(this.weights));
    if (this.shown) query.set("columns", this.shown.join(","));
    $("#q").value = text;
    go(`/tracks${query.size ? `?${query}` : ""}`);
  }

  // -- asking ---------------------------------------------------------------------------------------------------

  body(limit, extra = {}) {
    const { words, filter } = this.question;
    return { q: words, filter, sort: words ? null : this.sort || "title", limit, ...extra };
  }
  /** Ask for other words and weights; the filters stay. */
  mean(words, weights) {
    this.weights = weights || this.weights;
    const filters = this.question.tokens.filter((x) => x.kind === "filter").map((x) => x.text);
    this.change([words, ...filters].filter(Boolean).join(" "));
  }
  async askMeaning() {
    try {
      const counted = post("/tracks/search", { filter: this.question.filter, limit: 1, fields: [], facets: FIELDS }, this.stop.signal);
      counted.catch(() => null);
      const { words, filter } = this.question, { understood, items } = await askMeaning({ words, filter, weights: this.weights, by: this.mode }, this.stop.signal);
      this.found = items;
      this.paintHead(items.length);
      this.paintChips(understood);
      fill(this.results, h("div", { class: "notes" }));
      notes(this.results.firstChild, understood, understood.missed);
      items.length ? meaningTable(this.results, items, this.choose) : add(this.results, nothing(understood));
      this.paintRail(await this.ownFacets((await counted).facets));
    } catch (error) {
      if (error.name !== "AbortError") fill(this.results, problem(error, () => this.askMeaning()));
      if (error.status === 401) throw error;
    }
  }
  async ask() {
    if (this.isMeaning) return this.askMeaning();
    try {
      const found = await post("/tracks/search", this.body(FIRST, { fields: PARTS }), this.stop.signal);
      this.cursor = found.next;
      this.total = found.next ? null : found.items.length;
      this.paintHead(found.items.length);
      this.paintTable(found.items);
      await this.count(); // when the rows are there: they go first
      this.paintFound(found.items.length);
    } catch (error) {
      if (error.name !== "AbortError") fill(this.results, problem(error, () => this.ask()));
      if (error.status === 401) throw error;
    }
  }
  async count() {
    const { facets } = await post("/tracks/search", { filter: this.question.filter, limit: 1, fields: [], facets: FIELDS }, this.stop.signal);
    if (!this.question.words) this.total = count(facets.tempo);
    this.paintRail(await this.ownFacets(facets));
  }
  /** Show tracks as they are after they were corrected; they stay where they stand until the question is asked again. */
  async renew(ids) {
    if (this.isMeaning) return this.askMeaning();
    const here = this.table.items.map((x) => x.track_id).filter((x) => ids.includes(x));
    for (let i = 0; i < here.length; i += PAGE) {
      const value = here.slice(i, i + PAGE), { items } = await post("/tracks/search", { filter: { field: "track_id", op: "in", value }, limit: PAGE, fields: PARTS }, this.stop.signal);
      this.table.replace(items);
    }
    await this.count();
  }
  /** The other values of a field that is filtered already can still be chosen: its facet is counted without its own filter. */
  async ownFacets(facets) {
    const own = ["genre", "artist", "camelot"].filter((name) => this.question.tokens.some((x) => x.field === name));
    const asked = own.map(async (name) => {
      const rest = this.question.tokens.filter((x) => x.field !== name).map((x) => x.text).join(" ");
      const { filter } = understand(rest, this.known.fields, this.known.tags);
      const found = await post("/tracks/search", { filter, limit: 1, fields: [], facets: [name] }, this.stop.signal);
      return [name, found.facets[name]];
    });
    return { ...facets, ...Object.fromEntries(await Promise.all(asked)) };
  }
  async more() {
    if (!this.cursor) return;
    try {
      const found = await post("/tracks/search", this.body(PAGE, { fields: PARTS, cursor: this.cursor }), this.stop.signal);
      this.cursor = found.next;
      if (!found.next && this.total === null) this.total = this.table.items.length + found.items.length;
      this.table.append(found.items, this.total);
      this.paintFound(this.table.items.length);
    } catch (error) {
      if (error.name !== "AbortError") add(this.results, problem(error));
    }
  }

  /** All that the question finds, in short. */
  async everything() {
    const found = [];
    let cursor = null;
    do {
      const page = await post("/tracks/search", this.body(500, { fields: NAMES, cursor }), this.stop.signal);
      found.push(...page.items);
      cursor = page.next;
    } while (cursor && found.length < MOST);
    return found;
  }

  // -- columns --------------------------------------------------------------------------------------------------

  /** The address says which columns there are, so that it shows them again elsewhere. */
  keepColumns(ids) {
    const query = new URLSearchParams(location.search);
    if (query.get("columns") === (ids && ids.join(","))) return;
    ids ? query.set("columns", ids.join(",")) : query.delete("columns");
    note(`/tracks${query.size ? `?${query}` : ""}`);
  }
  /** Those that are seen: on a narrow screen not all of the usual ones are. */
  seen() {
    const heads = [...this.results.querySelectorAll("thead th")].slice(3);
    return this.shown || (heads.length ? DEFAULT.filter((_, i) => heads[i].offsetWidth) : DEFAULT);
  }
  setColumns(ids) {
    this.shown = ids && ids.length ? ids : null;
    remember(this.shown);
    this.keepColumns(this.shown);
    const { items } = this.table;
    this.table.destroy();
    this.paintTable(items);
  }

  // -- painting -------------------------------------------------------------------------------------------------

  foundNow(n) {
    const found = n === null ? "…" : this.total === null ? `more than ${many(n, "track")}` : many(this.total, "track");
    const of = n !== null && this.text ? ` of ${this.known.tracks.toLocaleString("en-GB")}` : "";
    return this.found ? foundText(this.found) : [found, of, this.question.words ? ", the best fit first" : ""];
  }
  /** Only the number: a menu that is open meanwhile stays open. */
  paintFound(n) { fill(this.head.querySelector(".sub"), this.foundNow(n)); }
  paintHead(n) {
    const title = this.question.words ? `“${this.question.words}”` : this.isMeaning ? "What sounds so" : "Tracks";
    const list = () => (this.found || this.table.items).map(playable);
    const play = () => list().length && player.load(list()[0], { play: true, list: list() });
    fill(this.head, h("div", {}, h("h1", { tabindex: -1, dir: "auto" }, title), h("p", { class: "sub", role: "status" }, this.foundNow(n))),
      h("div", { class: "row" }, this.question.words || this.isMeaning ? this.modes() : null, n ? [btn("Play", { icon: "play", on: play }), btn("Add to playlist", { icon: "plus", title: "All that are listed now", on: () => addToPlaylist(list().map((x) => x.track_id)) })] : null, n && !this.question.words && !this.found ? this.exports() : null, n && !this.isMeaning ? columnMenu(this.known, () => this.seen(), (ids) => this.setColumns(ids)) : null, n && !this.isMeaning ? btn("Write tags", { icon: "write", href: `/write${this.text ? `?q=${encodeURIComponent(this.text)}` : ""}` }) : null));
  }
  /** All that the filters let through, as a file: a job. */
  exports() {
    const begin = (format) => async () => {
      try {
        await post("/exports", { format, filter: this.question.filter });
        dispatchEvent(new Event("jobs"));
        go("/jobs");
      } catch (error) { say(`${error.message} ${error.remedy}`); }
    };
    return menu("Export", h("p", { class: "cap" }, "All of these tracks as a table, written as a job."), h("div", { class: "row" }, EXPORTS.map(([format, text]) => btn(text, { kind: "tiny", on: begin(format) }))));
  }
  /** Names, the sound, or both. */
  modes() {
    const press = (mode) => () => { this.mode = mode; if (mode === "words") this.weights = {}; this.change(this.text); };
    return h("div", { class: "seg", role: "group", "aria-label": "Search by" }, MODES.map(([mode, text]) => btn(text, { pressed: this.mode === mode, on: press(mode) })));
  }
  paintChips(understood) {
    const tokens = this.question.tokens.filter((x) => !(this.isMeaning && x.kind === "words"));
    if (understood) return this.paintUnderstood(understood, tokens);
    const off = (token) => () => this.change(without(this.text, token.text));
    const hints = this.isMeaning ? [] : this.hints();
    fill(this.chips, tokens.length ? h("div", { class: "row" }, h("span", { class: "cap" }, "Understood"), tokens.map((x) => chip(x, off(x))), tokens.length > 1 ? btn("Clear", { kind: "quiet tiny", on: () => this.change("") }) : null) : null,
      hints.length ? h("p", { class: "row hints" }, h("span", { class: "cap" }, "Also a tag:"), hints.map(([tag, token]) => btn(label(tag), { kind: "tiny", on: () => this.change(`${without(this.text, token)} ${written("tags", tag)}`.trim()) }))) : null);
  }
  paintUnderstood(understood, tokens) {
    const off = (token) => () => this.change(without(this.text, token.text)), chips = understoodChips(understood, this.question.words, (words, weights) => this.mean(words, weights));
    const clear = () => { this.weights = {}; this.change(""); };
    fill(this.chips, h("div", { class: "row" }, h("span", { class: "cap" }, "Understood"), chips, tokens.map((x) => chip(x, off(x))), chips.length || tokens.length ? btn("Clear", { kind: "quiet tiny", on: clear }) : h("span", {}, "nothing")));
  }
  /** Words that begin a tag, such as calm: the tag can be asked for itself. */
  hints() {
    const close = (word) => this.known.tags.find((tag) => word.length > 2 && (tag.startsWith(word) || label(tag) === word));
    return this.question.tokens.filter((x) => x.kind === "words" && !x.text.startsWith('"')).map((x) => [close(x.text.toLowerCase()), x.text]).filter(([tag]) => tag);
  }
  paintRail(facets) {
    const at = document.activeElement && document.activeElement.dataset.facet;
    const note = this.question.words ? h("p", { class: "cap" }, "Counts are of the filters alone, not of the words.") : null;
    fill(this.railEl, note, rail(facets, this.text, this.question.tokens, (text) => this.change(text), shut));
    const again = at && [...this.railEl.querySelectorAll("[data-facet]")].find((x) => x.dataset.facet === at);
    if (again) again.focus();
  }
  paintTable(items) {
    if (!items.length) return this.paintEmpty();
    const list = () => this.table.items;
    const onSort = this.question.words ? null : (sort) => { this.sort = sort; this.change(this.text); };
    this.table = new LongTable(this.results, { label: "Tracks", columns: columns(list, this.choose, this.shown).map((x) => (this.question.words ? { ...x, sort: null } : x)), sort: this.sort || "title", onSort, more: () => this.more(), row: (row, track) => row.classList.toggle("is-picked", chosen.has(track.track_id)) });
    this.results.classList.toggle("wide", Boolean(this.shown));
    this.table.append(items, this.total);
    fill(this.sideways, this.shown ? this.table.widen(TITLE) : null);
  }
  paintEmpty() {
    const { words, filter } = this.question;
    const why = words && filter ? "The words or the filters alone may have hits; together they have none." : words ? `No title, artist, album or tag has ${words} in it.` : "No track fits all of these filters.";
    const drop = words && filter ? btn("Without the filters", { on: () => this.change(words) }) : null;
    fill(this.results, empty("Nothing fits", why, words ? btn("By sound", { on: () => { this.mode = "both"; this.change(this.text); } }) : null, drop, btn("All tracks", { kind: "main", on: () => this.change("") })));
  }
  data() {
    const { words, filter } = this.question, sort = this.sort ? `&sort=${this.sort}` : "";
    const json = filter ? `&filter=${encodeURIComponent(JSON.stringify(filter))}` : "";
    if (this.isMeaning) return asData(words ? `earmark search "${words.replaceAll('"', '\\"')}" --by ${this.mode}` : null, "POST /api/v1/search");
    const command = filter ? null : `earmark search ${words ? `"${words.replaceAll('"', '\\"')}"` : '""'}`;
    return asData(command, `/api/v1/tracks?${`${words ? `q=${encodeURIComponent(words)}` : ""}${json}${sort}`.replace(/^&/, "")}`);
  }
}

const count = ({ missing, counts }) => missing + counts.reduce((a, b) => a + b, 0);

function chip(token, off) {
  const remove = btn(`Remove ${token.text}`, { icon: "x", only: true, kind: "quiet tiny", on: off });
  if (token.kind === "unknown") return h("span", { class: "chip is-unknown" }, icon("alert", 12), h("b", {}, token.text), h("span", { class: "cap" }, `not understood: ${token.why}`), remove);
  if (token.kind === "words") return h("span", { class: "chip" }, h("span", { class: "cap" }, token.text.startsWith('"') ? "phrase" : "word"), h("b", { dir: "auto" }, token.text), remove);
  const name = token.field === "tags" ? "tag" : token.field, op = token.op === ":" ? "" : `${token.op} `;
  return h("span", { class: `chip ${token.not ? "is-not" : ""}` }, token.field === "genre" ? shape("genre", 10) : null, token.not ? h("span", {}, "not") : null, h("span", { class: "cap" }, name), h("b", {}, op, name === "tag" || name === "genre" ? label(token.value) : token.value), remove);
}
