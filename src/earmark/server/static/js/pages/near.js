// What sounds like a track, in short.

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { share } from "../format.js";
import { empty, playBtn, problem, skeleton, trackLink } from "../parts.js";

export async function nearCard(card, track) {
  const title = h("div", { class: "cardhead" }, h("h2", {}, "Sounds like"), h("a", { href: `/similar?seed=${track.track_id}`, class: "cap" }, "More"));
  fill(card, title, skeleton(4));
  try {
    const { items } = await get(`/tracks/${track.track_id}/similar?limit=8`);
    const row = (x) => h("li", { data: { row: x.track_id } }, playBtn(x, { list: () => items }), trackLink(x), h("span", { class: "num" }, share(x.similarity)));
    fill(card, title, items.length ? h("ul", {}, items.map(row)) : empty("Nothing yet", "There are no other tracks to compare it with."));
  } catch (error) { fill(card, title, problem(error)); }
}
