// What the models are unsure about: tags near their thresholds and tempos of two minds. Each can be heard and settled.

import { correct, post } from "../api.js";
import { add, fill, h, say } from "../dom.js";
import { share } from "../format.js";
import { hear } from "../hear.js";
import { shape } from "../icons.js";
import { btn, nameOf, playBtn, trackLink } from "../parts.js";
import { fieldOf, flatTags, groupOf, label } from "../tags.js";
import { before, saidOf } from "../word.js";

const GROUPS = ["genre", "mood", "instrument", "voice"];
const NEAR = 0.03; // of a threshold
const HIGHEST = 0.9; // thresholds above it: there the model hardly ever says yes
const ASKED = 60; // tracks of which the nearest are taken
const TAGS = 5, TEMPOS = 2; // shown
const DOUBTFUL = 0.5; // confidence in a tempo
const FIELDS = ["title", "artist", "path", "duration", "tags", "tempo", "corrections"];

/** known : of catalogue(). The card goes where there is nothing to doubt. */
export async function doubtsCard(card, known) {
  const [tags, tempos] = await Promise.all([tagDoubts(known), tempoDoubts()]).catch(() => [[], []]);
  if (!tags.length && !tempos.length) return card.remove();
  fill(card, h("div", { class: "cardhead" }, h("h2", {}, "Not sure about"), h("span", { class: "cap" }, "your word settles it")), h("ul", {}, tags.map(tagRow), tempos.map(tempoRow)));
}

// -- what is doubtful -------------------------------------------------------------------------------------------------

async function tagDoubts(known) {
  const lines = Object.entries(known.facts).filter(([name, { threshold }]) => GROUPS.includes(groupOf(name)) && threshold > NEAR && threshold < HIGHEST && known.fields[fieldOf(name)]);
  if (!lines.length) return [];
  const or = lines.map(([name, { threshold }]) => ({ field: fieldOf(name), op: "between", value: [threshold - NEAR, threshold + NEAR] }));
  const { items } = await post("/tracks:search", { filter: { or }, limit: ASKED, fields: FIELDS });
  const apart = (x) => Math.abs(x.probability - known.facts[x.name].threshold), doubtful = new Set(lines.map(([name]) => name));
  const nearest = (track) => flatTags(track).filter((x) => doubtful.has(x.name) && saidOf(track, x.name) === undefined && apart(x) <= NEAR).sort((a, b) => apart(a) - apart(b))[0];
  return items.map((track) => ({ track, tag: nearest(track) })).filter((x) => x.tag).sort((a, b) => apart(a.tag) - apart(b.tag)).slice(0, TAGS);
}

async function tempoDoubts() {
  const filter = { field: "tempo_confidence", op: "lt", value: DOUBTFUL };
  const { items } = await post("/tracks:search", { filter, sort: "tempo_confidence", limit: 3 * TEMPOS, fields: FIELDS });
  return items.filter((x) => x.tempo && x.tempo.bpm && saidOf(x, "tempo") === undefined).slice(0, TEMPOS);
}

// -- rows -------------------------------------------------------------------------------------------------------------

function tagRow({ track, tag }) {
  const text = label(tag.tag), listen = h("button", { type: "button", class: "ask", title: `Play where ${text} is strongest`, on: { click: () => hear(track, tag.name) } }, shape(tag.group, 11), h("b", {}, `${text}?`), h("span", { class: "num dim" }, share(tag.probability)));
  const settle = (word, told) => ({ values: { tags: { [tag.name]: word } }, told });
  return row(track, listen, [[`Yes, ${nameOf(track)} is ${text}`, "check", settle(true, text)], [`No, ${nameOf(track)} is not ${text}`, "x", settle(false, `not ${text}`)]]);
}

function tempoRow(track) {
  const { bpm, candidates = [] } = track.tempo, other = candidates.map((x) => x.bpm).find((x) => Math.abs(x / bpm - 1) > 0.04), settle = (value) => ({ values: { tempo: Math.round(value * 100) / 100 }, told: `${Math.round(value)} BPM` });
  const ask = h("span", { class: "ask" }, h("b", {}, `${Math.round(bpm)} BPM?`), h("span", { class: "num dim" }, share(track.tempo.confidence)));
  return row(track, ask, [[`Yes, ${nameOf(track)} has ${Math.round(bpm)} BPM`, "check", settle(bpm)], other ? [`${nameOf(track)} has ${Math.round(other)} BPM`, Math.round(other), settle(other)] : null].filter(Boolean));
}

/** answers : [[text, icon or number, {values, told}]]. */
function row(track, ask, answers) {
  const el = h("li", { data: { row: track.track_id } }), buttons = h("span", { class: "fix" });
  const offer = () => fill(buttons, answers.map(([text, face, { values, told }]) => (typeof face === "number" ? btn(String(face), { kind: "tiny num", title: text, on: () => settle(values, told) }) : btn(text, { icon: face, only: true, kind: "tiny", on: () => settle(values, told) }))));
  const settle = async (values, told) => {
    try {
      await correct(track.track_id, values);
    } catch (error) { return say(`${error.message} ${error.remedy}`); }
    el.classList.add("ear");
    fill(buttons, h("span", { class: "cap" }, told));
    say(`Your word: ${told}`, async () => {
      await correct(track.track_id, before(track.corrections, values));
      el.classList.remove("ear");
      offer();
      say("Taken back");
    });
  };
  offer();
  return add(el, playBtn(track), trackLink(track), ask, buttons);
}
