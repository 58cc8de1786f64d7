// Groups of tags: colour, shape, order; which tags a row shows.

const NUMBERS = {
  genre: 1, style: 2, theme: 2, character: 3, mood: 4, use: 5, era: 6, instrument: 7, scale: 8, region: 9, voice: 10, content: 11, language: 12,
};
const LABELS = { calmness: "calm", joyful_activation: "joyful", tenderness: "tender", solemnity: "solemn", hiphop: "hip hop" };
const FIRST = ["mood", "instrument", "style", "voice", "character"];
/** Numbers, and "music": not what a track is called by. */
export const UNSHOWN = new Set(["content", "scale"]);

export const groupNumber = (group) => NUMBERS[group] || 0;
export const label = (tag) => LABELS[tag] || tag.replaceAll("_", " ");
export const fullName = (group, tag) => `${group}/${tag}`;
export const groupOf = (name) => name.slice(0, name.indexOf("/"));
export const tagOf = (name) => name.slice(name.indexOf("/") + 1);
/** The field of the catalogue that holds how likely a tag is: mood/sad is mood_sad. */
export const fieldOf = (name) => name.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");

/** The one of some names, as mood/sad, that a text means: by the name, or by the tag alone. */
export const tagCalled = (names, text) => names.find((x) => x.toLowerCase() === text || label(tagOf(x)) === text);

/** All tags of a track as {group, tag, name, probability, sure}, in the order of its groups. */
export const flatTags = (track) =>
  Object.entries(track.tags || {}).flatMap(([group, tags]) => tags.map((x) => ({ group, name: fullName(group, x.tag), ...x })));

const byProbability = (a, b) => b.probability - a.probability;

/** The tags that tell most: the likeliest genre, sure or not, then what is sure, a mood and an instrument before the rest. */
export function topTags(track, n = 3) {
  const all = flatTags(track).filter((x) => !UNSHOWN.has(x.group)).sort(byProbability), sure = all.filter((x) => x.sure && x.group !== "genre");
  const led = FIRST.map((group) => sure.find((x) => x.group === group)).filter(Boolean);
  const genres = all.filter((x) => x.group === "genre"), genre = genres.find((x) => x.sure) || genres.find((x) => (track.corrections || {})[x.name] !== "no");
  return [...new Set([genre, ...led, ...sure])].filter(Boolean).slice(0, n);
}

/** The tags whose curves a track begins with: what is sure, then the likeliest of the rest, and its energy. */
export function firstCurves(track, n = 6) {
  const all = flatTags(track).filter((x) => !UNSHOWN.has(x.group)).sort((a, b) => b.sure - a.sure || byProbability(a, b)).map((x) => x.name);
  const energy = flatTags(track).some((x) => x.name === "scale/energy") ? ["scale/energy"] : [];
  return [...all.slice(0, n - energy.length), ...energy];
}
