// The passages of a track in which a tag is strongest, played one after another.

import { get } from "./api.js";
import { say } from "./dom.js";
import { time } from "./format.js";
import { playable } from "./parts.js";
import { player } from "./player.js";
import { label, tagOf } from "./tags.js";

const MOST = 5; // passages
const LONGEST = 12; // seconds of each

/** track : as lists have it; name : group/tag, where the passages themselves are not given. */
export async function hear(track, name, given = [], text = label(tagOf(name))) {
  try {
    const { passages } = given.length ? { passages: given } : await get(`/tracks/${track.track_id}/evidence?tag=${encodeURIComponent(name)}`);
    if (!passages.length) return say(`${text} is heard nowhere in this track`);
    const list = passages.slice(0, MOST).map(({ start, end }) => ({ start, end: Math.min(end, start + LONGEST), name: text }));
    player.load(playable(track), { play: true, passages: list });
    say(`${text}: ${list.length === 1 ? "one passage" : `${list.length} passages`}, ${given.length ? "" : "the strongest "}from ${time(list[0].start)}`);
  } catch (error) { say(error.message); }
}
