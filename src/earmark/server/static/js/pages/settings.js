// Who is let in, what the catalogue is made of, and a file to be heard without being kept.

import { del, get, post } from "../api.js";
import { catalogue } from "../catalogue.js";
import { add, copy, fill, h, say } from "../dom.js";
import { analyse } from "../drop.js";
import { hours, many, when } from "../format.js";
import { btn, dialog, head, problem } from "../parts.js";
import { serversCard } from "./servers.js";
import { webhooksCard } from "./webhooks.js";

const SCOPES = ["read", "search", "audio", "analyze", "write-catalogue", "write-files", "admin"];

export const settings = {
  title: () => "Settings",
  async show(root) {
    const [session, version, known, models] = await Promise.all([get("/session"), get("/version"), catalogue().catch(() => null), get("/models").catch(() => ({ items: [] }))]);
    const keys = h("section", { class: "card" }), hooks = h("section", { class: "card" }), servers = h("section", { class: "card" });
    add(root, h("div", { class: "page settings" }, head("Settings"), h("div", { class: "cols two" }, h("div", { class: "stack" }, about(version, known), fileCard(), servers, door(session)), h("div", { class: "stack" }, keys, hooks, modelCard(models.items, known)))));
    if (session.scopes.includes("admin")) return Promise.all([showKeys(keys), webhooksCard(hooks), serversCard(servers)]);
    for (const [card, name] of [[keys, "Keys"], [hooks, "Webhooks"], [servers, "Media servers"]]) fill(card, h("h2", {}, name), h("p", { class: "dim" }, "Only a session with the scope admin sees them."));
  },
};

const pairs = (rows) => h("dl", { class: "facts" }, rows.filter(Boolean).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

function about(version, known) {
  const rows = [["earmark", h("code", {}, version.earmark)], known && ["Catalogue", `${many(known.tracks, "track")}, ${hours(known.hours)}`], known && known.model && ["Model", h("code", {}, `${known.model.id} ${known.model.version}`)], known && ["Folders", known.roots.map((x) => h("code", {}, x))], ["Programs", h("a", { href: "/api" }, "the API")]];
  return h("section", { class: "card" }, h("h2", {}, "About"), pairs(rows), h("p", { class: "cap" }, "Nothing that this page shows or does leaves the machine of the server, but for what webhooks and media servers are told."));
}

function fileCard() {
  const input = h("input", { type: "file", id: "file", accept: "audio/*,.earprint", class: "sr" }), says = h("div", {});
  input.addEventListener("change", () => input.files[0] && analyse(input.files[0]).catch((error) => fill(says, problem(error))));
  return h("section", { class: "card" }, h("h2", {}, "Hear a file"), h("p", {}, "Choose a file, or drop it anywhere on the page: it is analysed, deleted, and enters no catalogue."), h("div", { class: "row spaced" }, input, h("label", { class: "btn", for: "file" }, "Choose a file")), says);
}

function door(session) {
  const out = async () => { await del("/session"); location.assign("/"); };
  return h("section", { class: "card" }, h("h2", {}, "This browser"), pairs([["Known as", h("code", {}, session.name)], ["May", session.scopes.join(", ")]]), btn("Let it be forgotten", { on: out }));
}

async function showKeys(card) {
  const { items } = await get("/keys");
  const name = h("input", { type: "text", required: true, maxlength: 100, placeholder: "player", "aria-label": "What the key is for" }), boxes = SCOPES.map((x) => h("input", { type: "checkbox", value: x, checked: ["read", "search", "audio"].includes(x) })), says = h("div", {});
  const submit = async (event) => {
    event.preventDefault();
    try {
      const made = await post("/keys", { name: name.value, scopes: boxes.filter((x) => x.checked).map((x) => x.value) });
      showOnce(made);
      await showKeys(card);
    } catch (error) { fill(says, problem(error)); }
  };
  const revoke = (key) => async () => { await del(`/keys/${key.id}`); await showKeys(card); say(`${key.name} is no key any more`); };
  const row = (key) => h("tr", {}, h("td", {}, h("span", { dir: "auto" }, key.name), h("span", { class: "art cap" }, key.scopes.join(", "))), h("td", { class: "cap" }, key.last_used_at ? `used ${when(key.last_used_at)}` : "never used"), h("td", { class: "r" }, btn(`Revoke ${key.name}`, { icon: "x", only: true, kind: "tiny danger", on: revoke(key) })));
  fill(card, h("h2", {}, "Keys"), items.length ? h("table", { class: "tbl" }, h("thead", { class: "sr" }, h("tr", {}, ["Key", "Used", "Revoke"].map((x) => h("th", { scope: "col" }, x)))), h("tbody", {}, items.map(row))) : h("p", { class: "dim" }, "None yet: programs need one."),
    h("form", { class: "stack keyform", on: { submit } }, h("div", { class: "row" }, boxes.map((x) => h("label", { class: "check" }, x, h("span", {}, x.value)))), h("div", { class: "row nowrap" }, name, btn("Make a key", { type: "submit" })), says));
}
function showOnce(made) {
  const box = dialog(`The key of ${made.name}`, h("p", {}, "It is shown this once."), h("p", { class: "secret" }, h("code", {}, made.key)), h("div", { class: "row end" }, btn("Copy", { icon: "copy", on: () => copy(made.key) }), btn("Close", { kind: "main", on: () => box.close() })));
}

function modelCard(items, known) {
  const used = known && known.model && known.model.name;
  const one = (x) => h("div", { class: "model" }, h("h3", {}, x.name, x.name === used ? h("span", { class: "pill good" }, "in use") : null), x.problem ? h("p", { class: "bad" }, `${x.problem}. ${x.remedy}`) : [h("p", { class: "cap" }, `${x.id} ${x.version}, ${x.bytes < 1e5 ? `${Math.ceil(x.bytes / 1e3)} kB, built on the others` : `${(x.bytes / 1e6).toFixed(1)} MB`}`), h("p", { class: "cap" }, Object.entries(x.tags || {}).map(([group, n]) => `${group} ${n}`).join(", "))]);
  return h("section", { class: "card" }, h("h2", {}, "Models"), items.map(one));
}
