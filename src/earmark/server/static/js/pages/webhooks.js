// Addresses that are told what happens: made, tried, given another secret, looked into, forgotten.

import { del, get, patch, post } from "../api.js";
import { copy, fill, h, say } from "../dom.js";
import { many, when } from "../format.js";
import { btn, dialog, problem } from "../parts.js";

const TYPES = [["job.finished", "a job is over"], ["track.analysed", "tracks were heard"], ["track.failed", "files failed"], ["track.corrected", "a track was corrected"]];
const AT_FIRST = ["job.finished", "track.failed"];
const LOOKS = { delivered: "good", failed: "bad", pending: "warn" };
const SHOWN = 20; // deliveries

/** Fill a card with all webhooks and a form for another one; needs the scope admin. */
export async function webhooksCard(card) {
  const { items } = await get("/webhooks"), again = () => webhooksCard(card);
  fill(card, h("h2", {}, "Webhooks"), items.length ? h("ul", { class: "hooks" }, items.map((hook) => entry(hook, again))) : h("p", { class: "dim" }, "None yet. An address given here is told when something happens, in signed messages."), form(again));
}

function form(again) {
  const url = h("input", { type: "url", required: true, maxlength: 2048, placeholder: "Address of the web", "aria-label": "Address that is told" }), says = h("div", {});
  const boxes = TYPES.map(([type]) => h("input", { type: "checkbox", value: type, checked: AT_FIRST.includes(type) }));
  const submit = async (event) => {
    event.preventDefault();
    const types = boxes.filter((x) => x.checked).map((x) => x.value);
    if (!types.length) return fill(says, problem({ message: "it would be told nothing", remedy: "Tick at least one box." }));
    try {
      const made = await post("/webhooks", { url: url.value.trim(), types });
      secretOnce(made);
      await again();
    } catch (error) { fill(says, problem(error)); }
  };
  return h("form", { class: "stack keyform", "aria-label": "New webhook", on: { submit } }, h("div", { class: "row" }, boxes.map((x, i) => h("label", { class: "check" }, x, h("span", {}, TYPES[i][1])))), h("div", { class: "row nowrap" }, url, btn("Make a webhook", { type: "submit" })), says);
}

function entry(hook, again) {
  const says = h("div", {}), place = h("div", {});
  const doing = (act) => async () => { try { await act(); } catch (error) { fill(says, problem(error)); } };
  const change = (values, text) => doing(async () => { await patch(`/webhooks/${hook.id}`, values); await again(); say(text); });
  const rotate = doing(async () => { secretOnce(await post(`/webhooks/${hook.id}:rotate`, {})); await again(); });
  const test = doing(async () => { const told = await post(`/webhooks/${hook.id}:test`, {}); fill(says, h("p", { role: "status" }, state(told), " ", outcome(told))); });
  const forget = doing(async () => { await del(`/webhooks/${hook.id}`); await again(); say(`${hook.url} is told nothing any more`); });
  const show = btn("Deliveries", { kind: "tiny", on: doing(async () => { const open = place.childElementCount; show.setAttribute("aria-expanded", String(!open)); open ? fill(place) : fill(place, deliveries((await get(`/webhooks/${hook.id}/deliveries`)).items)); }) });
  show.setAttribute("aria-expanded", "false");
  return h("li", { class: "stack tight" }, h("div", { class: "cardhead" }, h("code", {}, hook.url), hook.enabled ? null : h("span", { class: "pill warn" }, "stopped")), h("p", { class: "cap" }, hook.types.join(", "), hook.former_until ? `; the former secret signs too until ${when(hook.former_until)}` : ""), hook.reason ? h("p", { class: "bad" }, hook.reason) : null,
    h("div", { class: "row" }, hook.enabled ? btn("Test", { kind: "tiny", on: test }) : btn("Begin again", { kind: "tiny", on: change({ enabled: true }, "It is told again") }), show, btn("New secret", { kind: "tiny", on: rotate }), hook.enabled ? btn("Stop", { kind: "tiny quiet", on: change({ enabled: false }, "It is told nothing for now") }) : null, btn("Forget", { icon: "x", kind: "tiny quiet danger", on: forget })), says, place);
}

const state = ({ state: name }) => h("span", { class: `pill ${LOOKS[name] || ""}` }, name);
/** What came of the last try. */
function outcome({ attempts, next_at: next }) {
  const last = attempts.at(-1);
  const text = !last ? "not tried yet" : last.problem ? last.problem : `answered ${last.status}`;
  return h("span", { class: "cap" }, text, attempts.length > 1 ? `, ${many(attempts.length, "try", "tries")}` : "", next ? `, again ${when(next)}` : "");
}
function deliveries(items) {
  if (!items.length) return h("p", { class: "cap" }, "It was told nothing yet.");
  const row = (x) => h("tr", {}, h("td", { class: "cap num" }, when(x.created_at)), h("td", {}, x.type), h("td", {}, state(x), " ", outcome(x)));
  return h("table", { class: "tbl", "aria-label": "What it was told" }, h("thead", {}, h("tr", {}, ["When", "What", "Outcome"].map((x) => h("th", { scope: "col" }, x)))), h("tbody", {}, items.slice(0, SHOWN).map(row)));
}

function secretOnce(made) {
  const box = dialog("The secret of the webhook", h("p", {}, "It signs every message, by the rules of Standard Webhooks, and is shown this once."), h("p", { class: "secret" }, h("code", {}, made.secret)), h("div", { class: "row end" }, btn("Copy", { icon: "copy", on: () => copy(made.secret) }), btn("Close", { kind: "main", on: () => box.close() })));
}
