// The shell: top bar, addresses, keys. A page is {title(route), show(root, route, leave)}; leave(act) is done when it goes.

import { addToPlaylist } from "./addto.js";
import { enter, get } from "./api.js";
import { catalogue } from "./catalogue.js";
import { watchDrops } from "./drop.js";
import { $, $$, add, fill, h, say } from "./dom.js";
import { icon } from "./icons.js";
import { btn, dialog, empty, head, playable, problem, showPlaying } from "./parts.js";
import { player } from "./player.js";
import { mountPlayer } from "./playerbar.js";
import { completions } from "./question.js";
import { go, here, onGo } from "./route.js";

/** Each page is loaded when it is first gone to. */
const PAGES = {
  "": () => import("./pages/start.js"), tracks: () => import("./pages/tracks.js"), track: () => import("./pages/track.js"), similar: () => import("./pages/similar.js"), map: () => import("./pages/map.js"),
  playlists: () => import("./pages/playlists.js"), write: () => import("./pages/write.js"), jobs: () => import("./pages/jobs.js"), settings: () => import("./pages/settings.js"), analysis: () => import("./pages/analysis.js"),
};
const NAV = [["", "Start", "start"], ["tracks", "Tracks", "list"], ["similar", "Similar", "near"], ["map", "Map", "map"], ["playlists", "Playlists", "lists"], ["write", "Write tags", "write"], ["jobs", "Jobs", "jobs"], ["settings", "Settings", "settings"]];
let leaving = [], isFirst = true;

const NOWHERE = {
  title: () => "Nothing here",
  show: (root) => add(root, h("div", { class: "page" }, head("Nothing here"), empty("No page has this address", "It may have been mistyped.", btn("All tracks", { href: "/tracks", kind: "main" })))),
};
const nameOf = (route) => (route.name === "tracks" && route.id ? "track" : route.name);
async function pageOf(name) {
  if (!PAGES[name]) return NOWHERE;
  return (await PAGES[name]().catch(() => { throw Object.assign(new Error("the page could not be loaded"), { remedy: "See whether earmark serve is still at work, then load it again." }); }))[name || "start"];
}

async function show() {
  const route = here(), root = h("div"); // its own: a page that has been left may paint late
  leaving.splice(0).forEach((act) => act());
  const mine = leaving = [];
  fill($("#main"), root);
  document.body.dataset.page = nameOf(route) || "start";
  for (const a of $$("[data-nav]")) a.dataset.nav === route.name ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current");
  if (!isFirst) scrollTo(0, 0);
  try {
    const page = await pageOf(nameOf(route));
    if (mine !== leaving) return;
    document.title = `${page.title(route)} · earmark`;
    await page.show(root, route, (act) => (mine === leaving ? mine.push(act) : act()));
  } catch (error) {
    if (mine === leaving && error.name !== "AbortError") failed(root, error);
  }
  if (mine === leaving) arrived(root);
}

/** After a page has come, the keyboard and the screen reader stand at its title. */
function arrived(root) {
  const title = $("h1", root);
  if (!isFirst && title && !$("#main").contains(document.activeElement) && document.activeElement.id !== "q") title.focus({ preventScroll: true });
  if (!isFirst) $("#live").textContent = document.title;
  isFirst = false;
}

function failed(root, error) {
  if (error.status === 401) return fill(root, door());
  fill(root, h("div", { class: "page" }, head("That did not work"), problem(error, show)));
}

/** Where a browser is not let in: a key opens a session. */
function door() {
  const key = h("input", { type: "password", id: "key", autocomplete: "off", required: true, "aria-label": "Key" }), says = h("div", {});
  const submit = async (event) => {
    event.preventDefault();
    try {
      await enter(key.value.trim());
      show();
    } catch (error) { fill(says, problem(error)); }
  };
  return h("div", { class: "page door" }, head("Who is there?", "Open the address with the token that earmark serve has printed; it lets one browser in, once. Or give a key that earmark keys create has made."),
    h("form", { class: "row", on: { submit } }, key, btn("Come in", { kind: "main", type: "submit" })), says);
}

// -- search box -------------------------------------------------------------------------------------------------------

function searchBox() {
  const input = h("input", { id: "q", type: "search", placeholder: "Words, a sound such as calm piano, genre:jazz", autocomplete: "off", spellcheck: "false", "aria-label": "Search the collection", role: "combobox", "aria-expanded": "false", "aria-controls": "options", "aria-autocomplete": "list" });
  const list = h("ul", { class: "options", id: "options", role: "listbox", "aria-label": "How it could go on", hidden: true });
  const form = h("form", { class: "search", role: "search", on: { submit: (event) => { event.preventDefault(); ask(input.value); shut(); } } }, icon("search"), input, h("kbd", { "aria-hidden": "true" }, "/"), list);
  let found = [], at = -1;
  const shut = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const take = (choice) => { input.value = choice.text; shut(); input.focus(); if (!choice.text.endsWith(":")) ask(input.value); };
  const paint = () => {
    fill(list, found.map((x, i) => h("li", { id: `option-${i}`, role: "option", "aria-selected": String(i === at), on: { pointerdown: (event) => { event.preventDefault(); take(x); } } }, h("b", {}, x.shown), h("span", {}, x.hint))));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    at >= 0 ? input.setAttribute("aria-activedescendant", `option-${at}`) : input.removeAttribute("aria-activedescendant");
  };
  let timer;
  input.addEventListener("input", async () => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (here().name === "tracks" && !here().id) ask(input.value, true); }, 250);
    const known = await catalogue().catch(() => null);
    found = known ? completions(input.value, known.fields, known.tags) : [];
    at = -1;
    paint();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (list.hidden) input.blur(); shut(); event.stopPropagation(); return; }
    if (list.hidden || !["ArrowDown", "ArrowUp", "Enter", "Tab"].includes(event.key)) return;
    if (event.key.startsWith("Arrow")) { at = (at + (event.key === "ArrowDown" ? 1 : -1) + found.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % found.length; paint(); event.preventDefault(); }
    else if (at >= 0) { take(found[at]); event.preventDefault(); } else shut();
  });
  input.addEventListener("blur", shut);
  onGo((route) => { if (document.activeElement !== input) input.value = ["", "tracks"].includes(route.name) ? route.query.get("q") || "" : ""; });
  return form;
}

/** Show what a question finds; while it is typed, the address changes without a step back for each letter. */
function ask(text, whileTyping = false) {
  const query = new URLSearchParams(here().name === "tracks" && !here().id ? here().query : "");
  text.trim() ? query.set("q", text.trim()) : query.delete("q");
  if (text.trim()) query.delete("sort");
  go(`/tracks${query.size ? `?${query}` : ""}`, whileTyping);
}

// -- shell ------------------------------------------------------------------------------------------------------------

function shell() {
  const link = ([name, text]) => h("a", { href: `/${name}`, data: { nav: name } }, text);
  add($("#top"), h("a", { class: "brand", href: "/", "aria-label": "earmark, start" }, h("img", { src: "/static/img/earmark.svg", width: 24, height: 24, alt: "" }), h("b", {}, "earmark")),
    h("nav", { class: "nav", "aria-label": "Pages" }, NAV.map(link)), searchBox(),
    h("div", { class: "row tools" }, h("span", { id: "jobchip" }), btn("Light or dark", { icon: "theme", only: true, kind: "quiet", on: changeScheme }), btn("Keys", { icon: "help", only: true, kind: "quiet keysbtn", on: showKeys })));
  add($("#tabs"), NAV.filter(([name]) => name !== "write").map(([name, text, picture]) => h("a", { href: `/${name}`, data: { nav: name } }, icon(picture), h("span", {}, text))));
  mountPlayer($("#player"));
  player.on("state", () => $$("[data-play]").forEach(showPlaying));
}

function changeScheme() {
  const chosen = document.documentElement.dataset.theme;
  const isDark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches, next = isDark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("earmark.theme", next);
  } catch { /* storage is off: it holds until the page is closed */ }
  dispatchEvent(new Event("scheme"));
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dispatchEvent(new Event("scheme")));

/** Whether a job only waits for something to do: a watch between two scans. */
const isIdle = (job) => job.kind === "watch" && (!job.progress || ["watching", "waiting"].includes(job.progress.stage));

/** How many jobs are at work and files have failed, beside the search box. */
async function showJobs() {
  try {
    const [{ items }, failures] = await Promise.all([get("/jobs"), get("/failures").catch(() => ({ items: [] }))]);
    const active = items.filter((x) => ["running", "queued"].includes(x.state) && !isIdle(x)).length;
    const text = [active ? `${active} at work` : "", failures.items.length ? `${failures.items.length} failed` : ""].filter(Boolean).join(", ");
    fill($("#jobchip"), text && h("a", { class: "btn quiet", href: "/jobs", "aria-label": `Jobs: ${text}`, title: text }, active ? h("span", { class: "spin", "aria-hidden": "true" }) : null, failures.items.length ? h("span", { class: "count bad" }, failures.items.length) : null));
  } catch { /* not let in yet */ }
}

// -- keys -------------------------------------------------------------------------------------------------------------

const KEYS = [["/", "search"], ["space", "play, pause"], ["← →", "5 seconds back, on"], ["j k", "row down, up"], ["enter", "open the row"], ["n", "what sounds like it"], ["x", "choose the row"], ["X", "choose all from the last one to it"], ["p", "add to a playlist"], ["+ - 0", "zoom the time axis, the map"], ["l", "on the map: a line around tracks"], ["t", "light or dark"], ["?", "this list"], ["esc", "close, let go"]];
let withLetters = true;

function showKeys() {
  const letters = h("input", { type: "checkbox", checked: withLetters, on: { change: (event) => { withLetters = event.target.checked; } } });
  const box = dialog("Keys", h("dl", { class: "keys" }, KEYS.map(([keys, what]) => h("div", {}, h("dt", {}, keys.split(" ").map((x) => h("kbd", {}, x))), h("dd", {}, what)))),
    h("label", { class: "check" }, letters, h("span", {}, "Keys of one letter")), h("div", { class: "row end" }, btn("Close", { on: () => box.close() })));
}

function moveRow(n) {
  const rows = $$("[data-row]");
  if (!rows.length) return false;
  const at = rows.findIndex((x) => x.classList.contains("is-cursor")), row = rows[Math.min(rows.length - 1, Math.max(0, at + n))];
  rows.forEach((x) => x.classList.toggle("is-cursor", x === row));
  ($("a.ttl", row) || row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

const cursor = () => $("[data-row].is-cursor");
const meant = () => (cursor() ? cursor().dataset.row : here().name === "tracks" && here().id ? here().id : player.track && player.track.track_id);

/** Tick the row, or with `through` all from the one that was ticked last. */
function pick(through) {
  const box = cursor() && $("input[type=checkbox]", cursor());
  if (box) box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: through }));
}

async function playOrPause(event) {
  if (event.target.closest("button, a:not(.ttl), summary, label")) return false;
  event.preventDefault();
  const id = cursor() && cursor().dataset.row;
  const button = id && $("[data-play]", cursor());
  if (button) button.click();
  else if (player.track) player.toggle();
  else if (meant()) player.load(playable(await get(`/tracks/${meant()}`)), { play: true });
}

const ACTS = {
  "/": () => { $("#q").focus(); $("#q").select(); }, " ": playOrPause, j: () => moveRow(1), k: () => moveRow(-1),
  ArrowLeft: () => player.seek(player.time - 5), ArrowRight: () => player.seek(player.time + 5),
  n: () => meant() && go(`/similar?seed=${meant()}`), x: () => pick(false), X: () => pick(true),
  p: () => (meant() ? addToPlaylist([meant()]) : false), t: changeScheme, "?": showKeys, l: () => (here().name === "map" ? dispatchEvent(new Event("lasso")) : false),
};

function pressed(event) {
  const at = event.target, isText = at.matches("input:not([type=checkbox]):not([type=range]), select"), act = ACTS[event.key];
  if (event.key === "Escape") { $$("details.menu[open]").forEach((x) => { x.open = false; $("summary", x).focus(); }); dispatchEvent(new Event("letgo")); return; }
  if (!act || event.metaKey || event.ctrlKey || event.altKey || isText || $("dialog[open]") || at.closest("[data-ownkeys]")) return;
  if (at.type === "range" && event.key.startsWith("Arrow")) return;
  if (!withLetters && event.key.length === 1 && event.key !== " ") return;
  if (event.key === " ") { act(event); return; }
  if (act() !== false) event.preventDefault();
}

addEventListener("keydown", pressed);
addEventListener("click", (event) => $$("details.menu[open]").forEach((x) => { if (!x.contains(event.target)) x.open = false; }));
addEventListener("jobs", showJobs);
shell();
watchDrops((error) => say(`${error.message} ${error.remedy || ""}`));
onGo(show);
show().then(showJobs);
$("#q").value = ["", "tracks"].includes(here().name) ? here().query.get("q") || "" : "";
