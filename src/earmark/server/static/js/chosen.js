// Tracks that were ticked, across questions and views, and what can be done with them.

import { addToPlaylist } from "./addto.js";
import { $$, fill, h } from "./dom.js";
import { btn, playable } from "./parts.js";
import { player } from "./player.js";

export const chosen = new Map(); // id -> track

/** The bar of what is chosen; it paints itself into `place`. Returns choose(track, on). */
export function choosing(place, rows) {
  const paint = () => fill(place, chosen.size ? bar(release) : null);
  const mark = () => $$("[data-row]", rows()).forEach((row) => {
    const on = chosen.has(row.dataset.row), box = row.querySelector("input[type=checkbox]");
    row.classList.toggle("is-picked", on);
    if (box) box.checked = on;
  });
  const release = () => { chosen.clear(); mark(); paint(); };
  paint();
  return (track, on) => { on ? chosen.set(track.track_id, track) : chosen.delete(track.track_id); mark(); paint(); };
}

function bar(release) {
  const list = [...chosen.values()], seeds = list.slice(0, 20).map((x) => `seed=${x.track_id}`).join("&");
  return h("div", { class: "selbar", role: "region", "aria-label": "Chosen tracks" }, h("b", {}, `${list.length} chosen`), btn("Play", { icon: "play", on: () => player.load(playable(list[0]), { play: true, list: list.map(playable) }) }),
    btn("Add to playlist", { icon: "plus", on: () => addToPlaylist(list.map((x) => x.track_id)) }), btn("Similar", { icon: "near", href: `/similar?${seeds}` }), btn("Write tags", { icon: "write", href: "/write?of=chosen" }), btn("Let go", { icon: "x", only: true, kind: "quiet", on: release }));
}
