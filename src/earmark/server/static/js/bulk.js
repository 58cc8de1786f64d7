// Your word on many tracks at once, and the way back for all of them.

import { correct, post } from "./api.js";
import { fill, h, say } from "./dom.js";
import { many, sharps } from "./format.js";
import { btn, dialog, problem, tagList } from "./parts.js";
import { groupOf, label, tagCalled, tagOf } from "./tags.js";
import { before } from "./word.js";

const AT_ONCE = 200; // tracks that one question reads
const SLOW = 30, FAST = 300; // BPM that can be said
const NAMES = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
const ESTIMATE = "estimate";

/** What was done last, while the page is open: {text, changed: [{id, former, etag}]}. */
export let lastDone = null;

/** Ask what shall be said of tracks, by their ids, and say it. facts: the tags there are; done(ids): it was. */
export function correctMany(ids, facts, done) {
  const form = wordForm(facts), says = h("div", {}), go = btn(`Correct ${many(ids.length, "track")}`, { kind: "main", type: "submit" }), foot = h("div", { class: "row end" }, btn("Close", { on: () => box.close() }), go);
  const submit = async (event) => {
    event.preventDefault();
    const word = form.read();
    if (!word) return;
    await work(ids, { box, says, foot, word, done });
  };
  const box = dialog(`Your word on ${many(ids.length, "track")}`, h("form", { class: "stack", on: { submit } }, h("p", { class: "cap" }, "It wins over the models in every answer and survives every scan. What is left as it is stays."), form.el, says, foot));
  form.el.querySelector("select").focus();
}

// -- what is said -----------------------------------------------------------------------------------------------------

const choice = (name, options) => h("select", { "aria-label": name }, options.map(([value, text]) => h("option", { value }, text)));

/** The fields; read() gives {text, of(track)}, or null where nothing was said that can be. */
function wordForm(facts) {
  const names = Object.keys(facts).filter((x) => !["scale", "content"].includes(groupOf(x)) && facts[x].threshold !== undefined);
  const tempo = choice("Tempo", [["", "as it is"], ["0.5", "half of it"], ["2", "twice of it"], ["to", "to a number"], [ESTIMATE, "estimate again"]]), bpm = h("input", { type: "number", min: SLOW, max: FAST, step: 0.01, placeholder: "BPM", "aria-label": "BPM", hidden: true });
  const key = choice("Key", [["", "as it is"], ...NAMES.flatMap((x) => [`${x} major`, `${x} minor`]).map((x) => [x, sharps(x)]), [ESTIMATE, "estimate again"]]);
  const tag = h("input", { type: "text", list: "bulktags", placeholder: "A tag", "aria-label": "Tag", autocomplete: "off" }), said = choice("Whether they have it", [["yes", "they have it"], ["no", "they do not"], ["model", "as the model says"]]);
  tempo.addEventListener("change", () => { bpm.hidden = tempo.value !== "to"; bpm.required = !bpm.hidden; });
  tag.addEventListener("input", () => tag.setCustomValidity(""));
  const row = (name, ...fields) => h("div", { class: "wordrow" }, h("span", {}, name), h("div", { class: "row nowrap" }, fields));
  const el = h("div", { class: "stack" }, row("Tempo", tempo, bpm), row("Key", key), row("Tag", tag, said), tagList("bulktags", names));
  const read = () => {
    const asked = tag.value.trim().toLowerCase(), name = tagCalled(names, asked), parts = [];
    tag.setCustomValidity(asked && !name ? "Choose one of the model's tags. Tags of your own are taught: earmark teach" : !asked && !tempo.value && !key.value ? "Say a tempo, a key or a tag" : "");
    if (!tag.reportValidity()) return null;
    if (tempo.value) parts.push(tempoWord(tempo.value, +bpm.value));
    if (key.value) parts.push({ text: key.value === ESTIMATE ? "key as estimated" : sharps(key.value), of: () => ({ key: key.value === ESTIMATE ? null : key.value }) });
    if (name) parts.push({ text: { yes: "", no: "not ", model: "as the model says: " }[said.value] + label(tagOf(name)), of: () => ({ tags: { [name]: { yes: true, no: false, model: null }[said.value] } }) });
    return { text: parts.map((x) => x.text).join(", "), of: (track) => Object.assign({}, ...parts.map((x) => x.of(track))) };
  };
  return { el, read };
}

/** A tempo for each track: half or twice of its own where that can be said. */
function tempoWord(value, bpm) {
  if (value === ESTIMATE) return { text: "tempo as estimated", of: () => ({ tempo: null }) };
  if (value === "to") return { text: `${bpm} BPM`, of: () => ({ tempo: bpm }) };
  const of = ({ tempo }) => { const to = tempo && tempo.bpm ? Math.round(tempo.bpm * value * 100) / 100 : 0; return to >= SLOW && to <= FAST ? { tempo: to } : {}; };
  return { text: value === "2" ? "twice the tempo" : "half the tempo", of };
}

// -- saying it --------------------------------------------------------------------------------------------------------

/** The tracks as they are now, some hundred at a time. */
async function* asTheyAre(ids) {
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const value = ids.slice(i, i + AT_ONCE);
    yield* (await post("/tracks/search", { filter: { field: "track_id", op: "in", value }, limit: AT_ONCE, fields: ["tempo", "corrections"] })).items;
  }
}

/** A bar that goes on, and a button that stops it. */
function progress(says, foot, n) {
  const bar = h("div", { class: "prog", role: "progressbar", "aria-label": "Tracks are corrected", "aria-valuemin": 0, "aria-valuemax": n, vars: { "--p": 0 } }), state = { stopped: false };
  const stop = btn("Stop", { on: () => { state.stopped = true; } });
  fill(says, bar);
  fill(foot, stop);
  stop.focus();
  state.at = (i) => { bar.style.setProperty("--p", i / n); bar.setAttribute("aria-valuenow", i); };
  return state;
}

async function work(ids, { box, says, foot, word, done }) {
  const changed = [], state = progress(says, foot, ids.length);
  let skipped = 0, error = null, i = 0;
  box.addEventListener("close", () => { state.stopped = true; });
  try {
    for await (const track of asTheyAre(ids)) {
      if (state.stopped) break;
      const values = word.of(track);
      if (Object.keys(values).length) changed.push({ id: track.track_id, former: before(track.corrections, values), etag: await correct(track.track_id, values) });
      else skipped++;
      state.at(++i);
    }
  } catch (failed) { error = failed; }
  if (changed.length) lastDone = { text: word.text, changed };
  done(changed.map((x) => x.id));
  const text = `${word.text}: ${many(changed.length, "track")} corrected${skipped ? `, ${skipped} left, of which no such tempo can be said` : ""}${i < ids.length && !error ? `, stopped before ${many(ids.length - i, "track")}` : ""}`;
  const undo = btn("Undo", { icon: "undo", disabled: !changed.length, on: () => { box.close(); takeBack(done); } }), close = btn("Close", { kind: "main", on: () => box.close() });
  fill(says, error ? problem(error) : null, h("p", { role: "status" }, text));
  fill(foot, undo, close);
  close.focus();
}

/** Every track as it was, but for those that were changed again meanwhile. */
export async function takeBack(done) {
  if (!lastDone) return;
  const { text, changed } = lastDone, kept = [], failed = [];
  lastDone = null;
  for (const { id, former, etag } of [...changed].reverse()) {
    try { await correct(id, former, etag); } catch (error) { (error.status === 412 ? kept : failed).push({ id, former, etag }); }
  }
  if (failed.length) lastDone = { text, changed: failed.reverse() };
  done(changed.map((x) => x.id));
  say(`${text}: taken back of ${many(changed.length - kept.length - failed.length, "track")}${kept.length ? `; ${kept.length} changed meanwhile stay` : ""}${failed.length ? `; ${failed.length} failed` : ""}`);
}
