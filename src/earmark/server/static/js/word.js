// Your word on a track: what was said of a tag, and what takes a correction back.

import { groupOf } from "./tags.js";

/** "yes", "no", or undefined where nothing was said of a tag (group/tag). */
export const saidOf = (track, name) => (track.corrections || {})[name];

const asGiven = (name, value) => (value === undefined || value === null ? null : name === "tempo" ? +value : value);
const asWord = (value) => (value === undefined ? null : value === "yes");

/** The values that a correction takes the place of, in the form in which corrections are sent. */
export function before(corrections = {}, { tags, ...facts }) {
  const found = Object.fromEntries(Object.keys(facts).map((name) => [name, asGiven(name, corrections[name])]));
  if (!tags) return found;
  // Where one genre is confirmed the one that was confirmed before is let go: it belongs to what stood there.
  const groups = new Set(Object.keys(tags).map(groupOf)), said = Object.keys(corrections).filter((x) => groups.has(groupOf(x)));
  return { ...found, tags: Object.fromEntries([...Object.keys(tags), ...said].map((name) => [name, asWord(corrections[name])])) };
}
