// Tracks into a playlist, from any list.

import { get, patch, post } from "./api.js";
import { fill, h, say } from "./dom.js";
import { many } from "./format.js";
import { btn, dialog, problem, skeleton } from "./parts.js";

const AT_ONCE = 500; // tracks that one request may add
const MOST = 5000; // and those that a new list may begin with

/** Add tracks to a list by its id, in as many requests as it takes. */
async function append(id, tracks) {
  for (let i = 0; i < tracks.length; i += AT_ONCE) await patch(`/playlists/${id}`, { add: tracks.slice(i, i + AT_ONCE) });
}

/** Ask where these tracks, by their ids, shall go, and put them there. */
export async function addToPlaylist(tracks) {
  const place = h("div", { class: "stack" }, skeleton(3)), says = h("div", {});
  const box = dialog(`Add ${many(tracks.length, "track")} to a playlist`, place, says, h("div", { class: "row end" }, btn("Close", { on: () => box.close() })));
  const done = async (act, name) => {
    try {
      await act();
      box.close();
      say(`${many(tracks.length, "track")} added to ${name}`);
    } catch (error) { fill(says, problem(error)); }
  };
  const { items } = await get("/playlists").catch((error) => { fill(says, problem(error)); return { items: [] }; });
  const rows = items.map((x) => h("li", {}, btn(x.name, { icon: "plus", kind: "quiet", on: () => done(() => append(x.id, tracks), x.name) }), h("span", { class: "cap num" }, many(x.tracks, "track"))));
  const name = h("input", { type: "text", required: true, maxlength: 200, placeholder: "A new playlist", "aria-label": "Name of a new playlist" });
  const submit = (event) => { event.preventDefault(); done(() => post("/playlists", { name: name.value.trim(), tracks: tracks.slice(0, MOST) }), name.value.trim()); };
  fill(place, rows.length ? h("ul", { class: "lists" }, rows) : null, h("form", { class: "row nowrap", on: { submit } }, name, btn("Make", { kind: "main", type: "submit" })));
  (place.querySelector("button") || name).focus();
}
