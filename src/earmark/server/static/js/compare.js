// Two tracks side by side: the bits of both that are most alike, heard in turn.

import { get } from "./api.js";
import { nameOf, playable } from "./parts.js";
import { player } from "./player.js";
import { flatTags, label, tagOf } from "./tags.js";

const PASSAGE = 8; // seconds of each track
const ROUNDS = 2;

/** A bit of each: by the pairs that the server found alike, else where their strongest tag in common is. */
export async function passagesOf(a, b, pairs) {
  const common = shared(a, b);
  return matched(a, pairs) || Promise.all([a, b].map((x) => strongest(x, common)));
}

/** The bits of both that sound most alike, as the server found them; null where it tells none. */
function matched(seed, pairs) {
  const found = (pairs || []).find((p) => !p.seed || p.seed === seed.track_id);
  return found && found.seed_end ? [{ start: found.seed_start, end: found.seed_end, name: "alike" }, { start: found.start, end: found.end, name: "alike" }] : null;
}

/** Tags that both have, the strongest in the weaker of the two first. */
export function shared(a, b) {
  const theirs = new Map(flatTags(b).map((x) => [x.name, x]));
  const both = flatTags(a).filter((x) => !["content", "scale"].includes(x.group) && theirs.has(x.name)).map((x) => ({ ...x, least: Math.min(x.probability, theirs.get(x.name).probability), both: x.sure && theirs.get(x.name).sure }));
  return both.sort((x, y) => y.both - x.both || y.least - x.least);
}

async function strongest(track, common) {
  const [first] = common, whole = { start: 0, end: Math.min(PASSAGE, track.duration), name: nameOf(track) };
  if (!first) return whole;
  const { passages } = await get(`/tracks/${track.track_id}/evidence?tag=${encodeURIComponent(first.name)}`);
  return passages.length ? { start: passages[0].start, end: Math.min(passages[0].end, passages[0].start + PASSAGE), name: label(tagOf(first.name)) } : whole;
}
/** A, B, A, B: each starts when the other has ended. */
export function inTurn(both, passages, turn = 0) {
  if (turn >= both.length * ROUNDS) return;
  const i = turn % 2, mine = passages[i];
  player.load(playable(both[i]), { play: true, passages: [mine] });
  const off = player.on("state", () => {
    if (!player.is(both[i].track_id)) return off();
    if (!player.playing && !player.passage) { off(); inTurn(both, passages, turn + 1); }
  });
}
