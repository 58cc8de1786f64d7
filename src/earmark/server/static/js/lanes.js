// What is drawn in the lanes of the time axis. Each takes a view: {t0, t1, x(t), duration}.

import { clamp, css } from "./dom.js";
import { time } from "./format.js";
import { groupNumber, groupOf } from "./tags.js";

const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800];

/** A canvas in the pixels of the screen, empty: {g, w, height}. */
export function ready(canvas) {
  const box = canvas.getBoundingClientRect(), k = Math.min(2, devicePixelRatio || 1);
  const w = Math.max(1, Math.round(box.width)), height = Math.max(1, Math.round(box.height));
  canvas.width = Math.round(w * k);
  canvas.height = Math.round(height * k);
  const g = canvas.getContext("2d");
  g.setTransform(k, 0, 0, k, 0, 0);
  return { g, w, height };
}

function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
/** 256 colours from quiet to loud, [256 * 3]. */
function heat() {
  const stops = [0, 1, 2, 3, 4].map((i) => rgb(css(`--heat-${i}`))), lut = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const x = (i / 255) * 4, a = Math.min(3, Math.floor(x));
    for (let c = 0; c < 3; c++) lut[i * 3 + c] = stops[a][c] + (stops[a + 1][c] - stops[a][c]) * (x - a);
  }
  return lut;
}
function hatch(g, colour) {
  const tile = document.createElement("canvas"), q = tile.getContext("2d");
  tile.width = tile.height = 10;
  q.strokeStyle = colour;
  q.lineWidth = 2;
  q.beginPath();
  for (const o of [-10, 0, 10]) { q.moveTo(o - 2, 12); q.lineTo(o + 12, -2); }
  q.stroke();
  const pattern = g.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
  return pattern;
}

export function drawRuler(canvas, view) {
  const { g, w, height } = ready(canvas), span = view.t1 - view.t0;
  const step = STEPS.find((x) => (x / span) * w >= (x < 1 ? 84 : 64)) || 3600; // tenths are longer
  g.font = `12px ${css("--font-mono")}`;
  g.textBaseline = "top";
  for (let i = Math.ceil(view.t0 / (step / 5)); i * (step / 5) <= view.t1; i++) {
    const t = i * (step / 5), x = Math.round(view.x(t)) + 0.5, isMajor = i % 5 === 0;
    g.strokeStyle = css(isMajor ? "--edge" : "--line");
    g.beginPath();
    g.moveTo(x, height);
    g.lineTo(x, height - (isMajor ? 8 : 4));
    g.stroke();
    if (!isMajor) continue;
    const text = time(t, step < 1), size = g.measureText(text).width;
    g.fillStyle = css("--ink-3");
    g.fillText(text, clamp(x - size / 2, 0, w - size), 0);
  }
}

/** values : amplitudes 0..255 at equal distances over the whole track. */
export function drawWave(canvas, view, values) {
  const { g, w, height } = ready(canvas), middle = height / 2, n = values.length, pitch = 3;
  g.fillStyle = css("--line");
  g.fillRect(0, middle - 0.5, w, 1);
  g.fillStyle = css("--ink");
  for (let x = 0; x < w; x += pitch) {
    const from = Math.floor((view.t(x) / view.duration) * n), to = Math.max(from + 1, Math.floor((view.t(x + pitch) / view.duration) * n));
    let peak = 0;
    for (let i = from; i < Math.min(to, n); i++) peak = Math.max(peak, values[i]);
    const size = Math.max(0.5, (peak / 255) * (middle - 2));
    g.fillRect(x, middle - size, 2, size * 2);
  }
}

/** image : a grey picture of the stretch [from, to]; it is coloured anew with each scheme. */
export function drawSpectrum(canvas, view, { image, from, to }) {
  const { g, w, height } = ready(canvas), tile = document.createElement("canvas"), lut = heat();
  tile.width = image.width;
  tile.height = image.height;
  const q = tile.getContext("2d", { willReadFrequently: true });
  q.drawImage(image, 0, 0);
  const pixels = q.getImageData(0, 0, tile.width, tile.height), d = pixels.data;
  for (let i = 0; i < d.length; i += 4) {
    const v = d[i] * 3;
    d[i] = lut[v];
    d[i + 1] = lut[v + 1];
    d[i + 2] = lut[v + 2];
  }
  q.putImageData(pixels, 0, 0);
  g.imageSmoothingQuality = "high";
  g.drawImage(tile, view.x(from), 0, view.x(to) - view.x(from), height);
  return w;
}

/** A belief over time: filled where it is above its threshold, hatched below. */
export function drawBelief(canvas, view, name, times, values, threshold) {
  const { g, w, height } = ready(canvas), n = times.length;
  if (!n) return;
  const colour = css(`--g${groupNumber(groupOf(name)) || 1}`), y = (v) => height - 1 - v * (height - 3);
  const at = (i) => view.x(i === 0 ? 0 : i === n - 1 ? view.duration : times[i]);
  const a = Math.max(0, times.findIndex((t) => t >= view.t0) - 1), past = times.findIndex((t) => t > view.t1), b = past < 0 ? n - 1 : past;
  const line = new Path2D(), area = new Path2D(), solid = new Path2D(), half = n > 1 ? (times[1] - times[0]) / 2 : view.duration;
  area.moveTo(at(a), height);
  for (let i = a; i <= b; i++) {
    i === a ? line.moveTo(at(i), y(values[i])) : line.lineTo(at(i), y(values[i]));
    area.lineTo(at(i), y(values[i]));
    if (values[i] >= threshold) solid.rect(view.x(i ? times[i] - half : 0), 0, view.x(i < n - 1 ? times[i] + half : view.duration) - view.x(i ? times[i] - half : 0) + 0.5, height);
  }
  area.lineTo(at(b), height);
  area.closePath();
  g.fillStyle = css("--line");
  g.fillRect(0, height - 1, w, 1);
  within(g, [area], hatch(g, colour), w, height);
  within(g, [area, solid], colour, w, height);
  g.strokeStyle = colour;
  g.lineWidth = 1.5;
  g.stroke(line);
  if (threshold > 0 && threshold < 0.98) dashed(g, Math.round(y(threshold)) + 0.5, w);
}
function within(g, clips, paint, w, height) {
  g.save();
  clips.forEach((clip) => g.clip(clip));
  g.fillStyle = paint;
  g.fillRect(0, 0, w, height);
  g.restore();
}
function dashed(g, y, w) {
  g.setLineDash([3, 3]);
  g.lineWidth = 1;
  g.strokeStyle = css("--ink-3");
  g.beginPath();
  g.moveTo(0, y);
  g.lineTo(w, y);
  g.stroke();
}

/** Beats as ticks, bars with their numbers, as many as there is room for. */
export function drawBeats(canvas, view, { beats = [], downbeats = [] }) {
  const { g, w, height } = ready(canvas), down = new Map(downbeats.map((b, i) => [b, i]));
  const apart = (w / ((view.t1 - view.t0) / view.duration)) / Math.max(1, downbeats.length);
  const every = [1, 2, 4, 8, 16, 32, 64, 128].find((n) => n * apart >= 30) || 256;
  g.font = `12px ${css("--font-mono")}`;
  g.textBaseline = "bottom";
  for (const beat of beats) {
    if (beat < view.t0 || beat > view.t1) continue;
    const x = Math.round(view.x(beat)) + 0.5, bar = down.get(beat), isBar = bar !== undefined;
    if (isBar ? bar % every : apart < 16) continue;
    g.strokeStyle = css(isBar ? "--ink-2" : "--edge");
    g.beginPath();
    g.moveTo(x, 0);
    g.lineTo(x, isBar ? 9 : 5);
    g.stroke();
    if (isBar && x < w - 24) { g.fillStyle = css("--ink-3"); g.fillText(String(bar + 1), x + 3, height); }
  }
}
