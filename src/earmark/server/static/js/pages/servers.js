// Media servers: named with their secrets, tried, changed, forgotten.

import { del, get, patch, post } from "../api.js";
import { fill, h, say } from "../dom.js";
import { btn, problem } from "../parts.js";

export const KINDS = { navidrome: "Navidrome", jellyfin: "Jellyfin", plex: "Plex", subsonic: "another Subsonic server" };
const SECRETS = { navidrome: "Password", subsonic: "Password", jellyfin: "API key", plex: "Token" };

/** Fill a card with all media servers and a form for another one; needs the scope admin. */
export async function serversCard(card) {
  const again = () => serversCard(card);
  try {
    const { items } = await get("/servers");
    fill(card, h("h2", {}, "Media servers"), items.length ? h("ul", { class: "hooks" }, items.map((x) => entry(x, again))) : h("p", { class: "dim" }, "None yet. Navidrome, Jellyfin and Plex can be given playlists of the tracks that they have."), h("details", { open: !items.length }, h("summary", { class: "cap" }, "Another media server"), form(null, again)));
  } catch (error) { fill(card, h("h2", {}, "Media servers"), problem(error, again)); }
}

/** A new server, or what shall be different of a known one. */
function form(known, again) {
  const says = h("div", {}), text = (name, props) => h("input", { type: "text", autocomplete: "off", spellcheck: "false", ...props, "aria-label": known ? `${name} of ${known.name}` : name });
  const name = text("Name of the server", { required: true, maxlength: 100, placeholder: "home" }), kind = h("select", { "aria-label": "Kind of server" }, Object.entries(KINDS).map(([value, shown]) => h("option", { value }, shown)));
  const url = text("Address of the server", { type: "url", required: true, maxlength: 2048, value: known ? known.url : "", placeholder: "Address, with its port" }), user = text("User", { maxlength: 200, value: known ? known.user : "" });
  const secret = text("Secret", { type: "password", autocomplete: "new-password", required: !known, maxlength: 4096 }), roots = text("Folders", { value: known ? known.roots.join(", ") : "", placeholder: "/music=/data/music" });
  const secretName = h("span", {}), kindNow = () => (known ? known.kind : kind.value), rename = () => { fill(secretName, SECRETS[kindNow()], known ? ", where it is another" : ""); user.required = kindNow() === "jellyfin"; };
  kind.addEventListener("change", rename);
  rename();
  const field = (what, input) => h("label", { class: "field" }, typeof what === "string" ? h("span", {}, what) : what, input);
  const submit = async (event) => {
    event.preventDefault();
    const values = { url: url.value.trim(), user: user.value.trim(), roots: roots.value.split(",").map((x) => x.trim()).filter(Boolean), ...(secret.value ? { secret: secret.value } : {}) };
    try {
      known ? await patch(`/servers/${known.id}`, values) : await post("/servers", { name: name.value.trim(), kind: kind.value, ...values });
      await again();
      say(known ? `${known.name} is changed` : `${name.value.trim()} is known now; try it`);
    } catch (error) { fill(says, problem(error)); }
  };
  return h("form", { class: "stack tight keyform", "aria-label": known ? `Change ${known.name}` : "New media server", on: { submit } }, known ? null : h("div", { class: "pairfields" }, field("Name", name), field("Kind", kind)), field("Address", url), h("div", { class: "pairfields" }, field("User", user), field(secretName, secret)),
    field("Where it has the folders of this machine", roots), says, h("div", { class: "row" }, btn(known ? "Change" : "Add", { type: "submit" })));
}

function entry(server, again) {
  const says = h("div", {}), place = h("div", {});
  const doing = (act) => async () => { try { await act(); } catch (error) { fill(says, problem(error)); } };
  const test = doing(async () => {
    fill(says, h("p", { class: "cap", role: "status" }, "It is asked …"));
    const told = await post(`/servers/${server.id}:test`, {});
    fill(says, told.ok ? h("p", { role: "status" }, h("span", { class: "pill good" }, "lets us in"), " ", h("bdi", {}, told.says)) : problem({ message: told.problem, source: server.name, remedy: told.remedy }));
  });
  const forget = doing(async () => { await del(`/servers/${server.id}`); await again(); say(`${server.name} is forgotten, with its secret; its playlists stay`); });
  const change = btn(`Change ${server.name}`, { kind: "tiny", on: () => { const open = place.childElementCount; change.setAttribute("aria-expanded", String(!open)); fill(place, open ? null : form(server, again)); } });
  change.setAttribute("aria-expanded", "false");
  return h("li", { class: "stack tight" }, h("div", { class: "cardhead" }, h("b", { dir: "auto" }, server.name), h("span", { class: "pill" }, KINDS[server.kind] || server.kind)), h("p", { class: "cap" }, h("code", {}, server.url), server.user ? [", user ", h("bdi", {}, server.user)] : null, server.roots.map((x) => [" ", h("code", {}, x)])),
    h("div", { class: "row" }, btn(`Test ${server.name}`, { kind: "tiny", on: test }), change, btn(`Forget ${server.name}`, { icon: "x", kind: "tiny quiet danger", on: forget })), says, place);
}
