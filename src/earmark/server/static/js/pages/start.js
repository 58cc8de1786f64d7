// The collection as a whole: how much, how it is spread (each bar is a filter), what goes on; before that, the first run.

import { follow, get } from "../api.js";
import { brush } from "../brush.js";
import { catalogue, isMissing, renew } from "../catalogue.js";
import { add, fill, h } from "../dom.js";
import { hours, many, when } from "../format.js";
import { shape } from "../icons.js";
import { asData, bar, btn, empty, playBtn, skeleton, tagMinis, trackLink } from "../parts.js";
import { written } from "../question.js";
import { go } from "../route.js";
import { label } from "../tags.js";
import { doubtsCard } from "./doubts.js";
import { firstRun } from "./firstrun.js";

const FACETS = ["genre", "tempo", "energy", "camelot", "year"];
const SHOWN = 12; // genres
const NEW = 6; // tracks that came last

export const start = {
  title: () => "Start",
  async show(root, route, leave) {
    const known = await catalogue().catch((error) => { if (isMissing(error)) return null; throw error; });
    if (!known || !known.tracks) return firstRun(root, leave, known);
    const [{ facets }, jobs, failures, newest] = await Promise.all([get(`/catalogue?facets=${FACETS.join(",")}`), get("/jobs"), get("/failures").catch(() => ({ items: [] })), get(`/tracks?sort=-analysed_at&limit=${NEW}`).catch(() => ({ items: [] }))]);
    paint(root, known, facets, jobs.items, failures.items, newest.items);
    jobs.items.filter((x) => ["running", "queued"].includes(x.state)).forEach((job) => leave(follow(job.id, (news) => { if (news.state === "succeeded") renew(); })));
  },
};

function paint(root, known, facets, jobs, failures, newest) {
  const doubts = h("section", { class: "card doubts", "aria-label": "Not sure about" }, skeleton(4));
  doubtsCard(doubts, known);
  const grid = h("div", { class: "startgrid" }, genres(facets.genre), histogram("tempo", "Tempo", "BPM", facets.tempo), histogram("energy", "Energy", "", facets.energy), work(jobs, failures), facets.year && facets.year.counts.length ? histogram("year", "Year", "", facets.year) : null, keys(facets.camelot), doubts, news(newest));
  add(root, h("div", { class: "page start" }, h("div", { class: "head" }, h("div", {}, h("h1", { tabindex: -1 }, many(known.tracks, "track"), ", ", hours(known.hours)), h("p", { class: "sub" }, known.model ? ["Heard by ", h("code", {}, `${known.model.id} ${known.model.version}`), ". "] : null, lastScan(jobs))), h("div", { class: "row" }, btn("All tracks", { icon: "list", kind: "main", href: "/tracks" }), btn("Map", { icon: "map", href: "/map" }))), grid, asData(null, `/api/v1/catalogue?facets=${FACETS.join(",")}`)));
}

const asks = (filter) => `/tracks?q=${encodeURIComponent(filter)}`;
const lastScan = (jobs) => {
  const scan = jobs.find((x) => x.kind === "scan");
  return scan ? `Last scan here: ${when(scan.created_at)}, ${scan.state}.` : "No scan was begun on this page yet.";
};

function genres({ values, missing }) {
  const top = Math.max(1, missing, ...values.map((x) => x.count)), row = (name, count, sure) => h("li", { class: sure ? "" : "is-unsure" }, h("a", { href: asks(written("genre", name)) }, h("span", {}, label(name)), bar(count / top, { group: "genre", sure }), h("span", { class: "num" }, count.toLocaleString("en-GB"))));
  const known = values.filter((x) => x.value !== "");
  return h("section", { class: "card genres" }, h("div", { class: "cardhead" }, h("h2", {}, shape("genre"), "Genre"), h("span", { class: "cap" }, "a click filters")), h("ul", {}, known.slice(0, SHOWN).map((x) => row(x.value, x.count, true)), missing ? row("unsure", missing, false) : null));
}

/** Whole numbers, unless the bars are narrower than that. */
const rounded = (x, width) => (width < 1 ? Math.round(100 * x) / 100 : Math.round(x));

function histogram(field, name, unit, { edges, counts, missing }) {
  const top = Math.max(1, ...counts), at = (i) => rounded(edges[i], edges[1] - edges[0]);
  const column = (n, i) => h("a", { href: asks(written(field, `${at(i)}..${at(i + 1)}`)), vars: { "--p": n / top }, title: `${at(i)} to ${at(i + 1)} ${unit}: ${n}`, "aria-label": `${name} ${at(i)} to ${at(i + 1)} ${unit}: ${many(n, "track")}` });
  const ends = field === "year" ? [Math.ceil(edges[0]), Math.floor(edges.at(-1))] : [at(0), at(edges.length - 1)]; // one year alone has edges half a year apart
  const says = h("span", { role: "status" }), bars = counts.map(column), histo = h("div", { class: "histo tall", role: "group", "aria-label": `${name}: arrows go from bar to bar, with shift they take a range, enter asks for it` }, bars);
  const sum = (a, b) => counts.slice(a, b + 1).reduce((x, y) => x + y, 0), tell = (a, b) => fill(says, a === null ? null : `${at(a)} to ${at(b + 1)} ${unit}: ${many(sum(a, b), "track")}`);
  if (bars.length) brush(histo, bars, { tell, take: (a, b) => go(asks(written(field, `${at(a)}..${at(b + 1)}`))) });
  return h("section", { class: "card" }, h("div", { class: "cardhead" }, h("h2", {}, name), missing ? h("a", { class: "cap", href: asks(`${field}:unsure`) }, `${missing} without`) : null),
    counts.length ? [histo, h("div", { class: "row ends num cap" }, h("span", {}, ends[0]), says, ends[1] === ends[0] ? null : h("span", {}, ends[1], unit ? ` ${unit}` : ""))] : h("p", { class: "dim" }, "No track has one."));
}

function keys({ values }) {
  const counts = new Map(values.map((x) => [x.value, x.count])), top = Math.max(1, ...counts.values()), numbers = Array.from({ length: 12 }, (_, i) => i + 1);
  const cell = (code, n) => h("td", {}, n ? h("a", { href: asks(written("camelot", code)), vars: { "--p": n / top }, "aria-label": `${code}: ${many(n, "track")}` }, n) : h("span", { class: "dim" }, "·"));
  return h("section", { class: "card keycard" }, h("div", { class: "cardhead" }, h("h2", {}, "Key"), h("span", { class: "cap" }, "Camelot; A minor, B major")), h("table", { class: "keygrid num" }, h("thead", {}, h("tr", {}, ["", "A", "B"].map((x) => h("th", { scope: "col" }, x || h("span", { class: "sr" }, "Number"))))), h("tbody", {}, numbers.map((i) => h("tr", {}, h("th", { scope: "row" }, i), ["A", "B"].map((mode) => cell(`${i}${mode}`, counts.get(`${i}${mode}`) || 0)))))));
}

function work(jobs, failures) {
  const active = jobs.filter((x) => ["running", "queued"].includes(x.state)), row = (x) => h("li", {}, h("span", {}, x.kind), h("span", { class: "pill" }, x.state), h("span", { class: "cap num" }, when(x.created_at)));
  const causes = new Map();
  for (const x of failures) causes.set(x.problem, (causes.get(x.problem) || 0) + 1);
  return h("section", { class: "card work" }, h("div", { class: "cardhead" }, h("h2", {}, active.length ? `${many(active.length, "job")} at work` : "Jobs"), h("a", { class: "cap", href: "/jobs" }, "All")), jobs.length ? h("ul", {}, jobs.slice(0, 4).map(row)) : h("p", { class: "dim" }, "None yet."),
    failures.length ? [h("h3", { class: "bad" }, many(failures.length, "file"), " failed"), h("ul", {}, [...causes].slice(0, 3).map(([cause, n]) => h("li", {}, h("a", { href: "/jobs" }, cause), h("span", { class: "num" }, n))))] : h("p", { class: "cap" }, "No file has failed."));
}

function news(items) {
  const row = (x) => h("li", { data: { row: x.track_id } }, playBtn(x, { list: () => items }), trackLink(x), tagMinis(x, 2));
  return h("section", { class: "card newest" }, h("h2", {}, "New"), items.length ? h("ul", {}, items.map(row)) : empty("Nothing new", ""));
}
