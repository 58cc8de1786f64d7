// Energy and tempo over a playlist, as two lines.

import { clamp, h, s } from "./dom.js";
import { share } from "./format.js";

const W = 800, H = 120, EDGE = 10, SLOW = 60, FAST = 190; // BPM at the bottom and the top

export function listLine(rows) {
  const x = (i) => (rows.length < 2 ? W / 2 : EDGE + (i / (rows.length - 1)) * (W - 2 * EDGE)), y = (v) => H - EDGE - v * (H - 2 * EDGE);
  const known = (get) => rows.map((row, i) => [x(i), get(row)]).filter(([, v]) => v !== null && v !== undefined);
  const path = (points, scaled) => points.map(([px, v], i) => `${i ? "L" : "M"}${px.toFixed(1)} ${y(scaled(v)).toFixed(1)}`).join("");
  const energy = known((row) => row.energy), tempo = known((row) => row.bpm), pace = (v) => clamp((v - SLOW) / (FAST - SLOW), 0, 1);
  const line = path(energy, (v) => v), area = energy.length ? `${line}L${energy.at(-1)[0]} ${H}L${energy[0][0]} ${H}Z` : "";
  const spoken = `Energy of each track: ${rows.map((row) => share(row.energy)).join(", ")}. Tempo: ${rows.map((row) => (row.bpm ? Math.round(row.bpm) : "unknown")).join(", ")}.`;
  return h("figure", { class: "listline" }, s("svg", { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", role: "img", "aria-label": spoken }, s("path", { d: area, class: "area" }), s("path", { d: line, class: "energy" }), s("path", { d: path(tempo, pace), class: "tempo" })),
    h("figcaption", { class: "cap row" }, h("span", { class: "key-e" }, "energy"), h("span", { class: "key-t" }, `tempo, ${SLOW} to ${FAST} BPM`)));
}
