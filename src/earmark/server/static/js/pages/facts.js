// Tempo and key, which can be corrected.

import { fill, h, s } from "../dom.js";
import { share, sharps, signed } from "../format.js";
import { bar, btn } from "../parts.js";

const SURE = 0.5;
const TAPS_APART = 3000; // milliseconds, after which tapping begins anew
const NAMES = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

const pill = (fact) => h("span", { class: `pill ${fact.corrected || fact.confidence >= SURE ? "" : "is-unsure"}` }, fact.corrected ? "yours" : `${fact.confidence >= SURE ? "sure" : "unsure"} ${share(fact.confidence)}`);
const about = (fact) => (fact.corrected || fact.confidence >= SURE ? null : h("span", { class: "about" }, "≈"));

export function tempoCard(track, correct) {
  const tempo = track.tempo;
  if (!tempo || !tempo.bpm) return h("section", { class: "card fact" }, h("h2", {}, "Tempo"), h("p", { class: "dim" }, "No pulse found."), correct && tempoForm(correct));
  const set = (bpm) => correct({ tempo: Math.round(bpm * 100) / 100 }, `Your word: ${bpm.toFixed(1)} BPM`);
  const octave = (k, text) => btn(`${text} ${(tempo.bpm * k).toFixed(0)}`, { on: () => set(tempo.bpm * k), disabled: tempo.bpm * k < 30 || tempo.bpm * k > 300, title: `Correct to ${(tempo.bpm * k).toFixed(1)} BPM` });
  const candidate = (x) => h("li", {}, correct ? btn(x.bpm.toFixed(1), { kind: "quiet tiny", on: () => set(x.bpm), title: `Correct to ${x.bpm} BPM` }) : h("span", { class: "num" }, x.bpm.toFixed(1)), bar(x.weight), h("span", { class: "num dim" }, share(x.weight)));
  return h("section", { class: `card fact ${tempo.corrected ? "ear" : ""}` }, h("div", { class: "cardhead" }, h("h2", {}, "Tempo"), pill(tempo)),
    h("p", { class: "big" }, about(tempo), h("span", { class: "num" }, tempo.bpm.toFixed(1)), h("small", {}, "BPM"), tempo.metre ? h("small", { class: "metre" }, tempo.metre) : null),
    correct && h("div", { class: "row oct", role: "group", "aria-label": "Correct the tempo" }, octave(0.5, "½"), octave(2, "×2"), tapBtn(set), tempo.corrected ? btn("Estimate again", { icon: "undo", kind: "quiet", on: () => correct({ tempo: null }, "The estimate again") }) : null),
    h("ul", { class: "cands" }, (tempo.candidates || []).map(candidate)), correct && tempoForm(correct));
}

function tempoForm(correct) {
  const input = h("input", { type: "number", min: 30, max: 300, step: 0.01, required: true, "aria-label": "Tempo in BPM", placeholder: "BPM" });
  const submit = (event) => { event.preventDefault(); correct({ tempo: +input.value }, `Your word: ${input.value} BPM`); };
  return h("form", { class: "row nowrap", on: { submit } }, input, btn("Set", { type: "submit" }));
}

function tapBtn(set) {
  let taps = [], timer;
  const tempo = () => (60000 * (taps.length - 1)) / (taps.at(-1) - taps[0]);
  const button = btn("Tap", { on: () => {
    const now = performance.now();
    taps = taps.length && now - taps.at(-1) > TAPS_APART ? [now] : [...taps, now];
    fill(button, taps.length < 4 ? `Tap on, ${4 - taps.length}` : `${tempo().toFixed(1)}`);
    clearTimeout(timer);
    timer = setTimeout(() => { const n = taps.length, bpm = n > 3 ? tempo() : 0; taps = []; fill(button, "Tap"); if (bpm >= 30 && bpm <= 300) set(bpm); }, 1800);
  } });
  return button;
}

export function keyCard(track, correct) {
  const key = track.key;
  const choose = correct && keyForm(key, correct);
  if (!key || !key.name) return h("section", { class: "card fact" }, h("h2", {}, "Key"), h("p", { class: "dim" }, "No key found."), choose);
  const number = parseInt(key.camelot, 10), letter = key.camelot.at(-1), other = letter === "A" ? "B" : "A";
  const mixes = [`${(number % 12) + 1}${letter}`, `${((number + 10) % 12) + 1}${letter}`, `${number}${other}`];
  const others = (key.candidates || []).slice(1, 3).map((x) => `${sharps(x.name)} ${share(x.weight)}`).join(", ");
  return h("section", { class: `card fact ${key.corrected ? "ear" : ""}` }, h("div", { class: "cardhead" }, h("h2", {}, "Key"), pill(key)),
    h("div", { class: "keyrow" }, wheel(number, letter, key), h("div", {}, h("p", { class: "big" }, about(key), sharps(key.name)), h("p", { class: "cap" }, "Mixes with ", mixes.map((x, i) => [i ? ", " : "", h("a", { href: `/tracks?q=camelot:${x}`, class: "num" }, x)])), others ? h("p", { class: "cap" }, `Or ${others}`) : null, h("p", { class: "cap" }, "Tuned ", h("span", { class: "num" }, signed(key.tuning_cents || 0)), " cents"))), choose);
}

function keyForm(key, correct) {
  const options = NAMES.flatMap((x) => [`${x} major`, `${x} minor`]), select = h("select", { "aria-label": "Correct the key" }, h("option", { value: "" }, "Correct to…"), options.map((x) => h("option", { value: x }, sharps(x))));
  select.addEventListener("change", () => select.value && correct({ key: select.value }, `Your word: ${sharps(select.value)}`));
  return h("div", { class: "row oct" }, select, key && key.corrected ? btn("Estimate again", { icon: "undo", kind: "quiet", on: () => correct({ key: null }, "The estimate again") }) : null);
}

/** The wheel of keys: those beside each other mix. */
function wheel(number, letter, key) {
  const R = 62, sure = key.corrected || key.confidence >= SURE;
  const arc = (i, inner, outer) => {
    const a = ((i - 0.5) / 12) * 2 * Math.PI - Math.PI / 2, b = a + Math.PI / 6, at = (r, x) => `${(R + r * Math.cos(x)).toFixed(2)} ${(R + r * Math.sin(x)).toFixed(2)}`;
    return `M${at(inner, a)}A${inner} ${inner} 0 0 1 ${at(inner, b)}L${at(outer, b)}A${outer} ${outer} 0 0 0 ${at(outer, a)}Z`;
  };
  const apart = (i) => Math.min((i - number + 12) % 12, (number - i + 12) % 12);
  const cls = (i, x) => (i === number && x === letter ? (sure ? "ks me" : "ks me is-unsure") : (x === letter ? apart(i) === 1 : i === number) ? "ks ok" : "ks");
  const parts = Array.from({ length: 12 }, (_, i) => i + 1).flatMap((i) => [s("path", { d: arc(i % 12, 26, 43), class: cls(i, "A") }), s("path", { d: arc(i % 12, 44, 61), class: cls(i, "B") })]);
  return s("svg", { viewBox: "0 0 124 124", width: 108, height: 108, class: "wheel", role: "img", "aria-label": `Camelot wheel, ${key.camelot}` }, parts, s("text", { x: R, y: R, class: "mid" }, key.camelot));
}
