// Tracks that were ticked, across questions and views, and what can be done with them.

import { addToPlaylist } from "./addto.js";
import { correctMany, lastDone, takeBack } from "./bulk.js";
import { $, $$, fill, h, say } from "./dom.js";
import { btn, playable } from "./parts.js";
import { player } from "./player.js";

export const chosen = new Map(); // id -> track

/** The bar of what is chosen; it paints itself into `place`. Returns choose(track, on), with choose.all(on) for all that are
 *  listed and choose.through(track, on) for all from the one that was chosen last.
 *  list : {rows(): their element, items(): tracks, rest(): finds all others that fit too, or null, facts: of the tags,
 *         renew(ids): those were corrected} */
export function choosing(place, list) {
  let last = null;
  const renew = async (ids) => { paint(); await list.renew(ids); mark(); };
  const paint = () => fill(place, chosen.size || lastDone ? bar(release, list.rest() && every, () => correctMany([...chosen.keys()], list.facts, renew), renew) : null);
  const mark = () => $$("[data-row]", list.rows()).forEach((row) => {
    const on = chosen.has(row.dataset.row), box = $("input[type=checkbox]", row);
    row.classList.toggle("is-picked", on);
    if (box) box.checked = on;
  });
  const set = (tracks, on) => { tracks.forEach((x) => (on ? chosen.set(x.track_id, x) : chosen.delete(x.track_id))); mark(); paint(); };
  const head = () => $("thead input[type=checkbox]", list.rows());
  const release = () => { set([...chosen.values()], false); if (head()) head().checked = false; };
  const every = async () => {
    say("All that fit are being found …");
    try { set(await list.rest()(), true); say(`${chosen.size.toLocaleString("en-GB")} are chosen`); } catch (error) { if (error.name !== "AbortError") say(`${error.message} ${error.remedy || ""}`); }
  };
  const choose = (track, on) => { last = track.track_id; set([track], on); };
  choose.all = (on) => set(list.items(), on);
  choose.through = (track, on) => {
    const ids = list.items().map((x) => x.track_id), [a, b] = [ids.indexOf(last), ids.indexOf(track.track_id)].sort((x, y) => x - y);
    if (a >= 0) set(list.items().slice(a, b + 1), on);
  };
  paint();
  return choose;
}

/** What was corrected last can be taken back as long as another was not. */
const undoBtn = (renew) => lastDone && btn(`Undo: ${lastDone.text}`, { icon: "undo", kind: "quiet", title: `Take it back of ${lastDone.changed.length}`, on: () => takeBack(renew) });

function bar(release, every, correct, renew) {
  const list = [...chosen.values()], seeds = list.slice(0, 20).map((x) => `seed=${x.track_id}`).join("&");
  if (!list.length) return h("div", { class: "selbar", role: "region", "aria-label": "Corrected tracks" }, undoBtn(renew));
  return h("div", { class: "selbar", role: "region", "aria-label": "Chosen tracks" }, h("b", { role: "status" }, `${list.length.toLocaleString("en-GB")} chosen`), every ? btn("All that fit", { kind: "quiet", title: "Choose all that this question finds, not only what is listed", on: every }) : null, btn("Play", { icon: "play", on: () => player.load(playable(list[0]), { play: true, list: list.map(playable) }) }),
    btn("Add to playlist", { icon: "plus", on: () => addToPlaylist(list.map((x) => x.track_id)) }), btn("Similar", { icon: "near", href: `/similar?${seeds}` }), list.length === 2 ? btn("The way", { icon: "way", title: "Tracks that lead from the one to the other", href: `/similar?from=${list[0].track_id}&to=${list[1].track_id}` }) : null, btn("Correct", { icon: "check", title: "Your word on their tempo, key or tags", on: correct }), btn("Write tags", { icon: "write", href: "/write?of=chosen" }), undoBtn(renew), btn("Let go", { icon: "x", only: true, kind: "quiet", on: release }));
}
