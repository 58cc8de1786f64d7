// What sounds like a track, in short; each can be heard in turn with it.

import { get, post } from "../api.js";
import { inTurn, passagesOf } from "../compare.js";
import { fill, h, say } from "../dom.js";
import { share, time } from "../format.js";
import { btn, empty, nameOf, playBtn, problem, skeleton, trackLink } from "../parts.js";

export async function nearCard(card, track) {
  const title = h("div", { class: "cardhead" }, h("h2", {}, "Sounds like"), h("a", { href: `/similar?seed=${track.track_id}`, class: "cap" }, "More"));
  fill(card, title, skeleton(4));
  try {
    const { items } = await get(`/tracks/${track.track_id}/similar?limit=8`);
    const turn = (x) => btn(`Hear it in turn with ${nameOf(x)}`, { icon: "loop", only: true, kind: "quiet tiny", on: () => hearBoth(track, x) });
    const row = (x) => h("li", { data: { row: x.track_id } }, playBtn(x, { list: () => items }), trackLink(x), h("span", { class: "num" }, share(x.similarity)), turn(x));
    fill(card, title, items.length ? h("ul", {}, items.map(row)) : empty("Nothing yet", "There are no other tracks to compare it with."));
  } catch (error) { fill(card, title, problem(error)); }
}

/** The bits of both that are most alike, A, B, A, B. */
async function hearBoth(a, b) {
  try {
    const filter = { field: "track_id", op: "eq", value: b.track_id }, { items } = await post("/similar", { seeds: [{ track: a.track_id }], filter, limit: 1, versions: true, explain: true });
    const passages = await passagesOf(a, b, items.length ? items[0].passages : null);
    inTurn([a, b], passages);
    say(`A from ${time(passages[0].start)}, then ${nameOf(b)} from ${time(passages[1].start)}`);
  } catch (error) { say(error.message); }
}
