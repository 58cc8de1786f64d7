// What a map is coloured by: a palette of 256 entries as the pixels of a picture hold them, and its legend.

import { css } from "../dom.js";
import { UNKNOWN } from "./raster.js";

const NAMES = 12; // colours of groups that tokens.css has
const OTHER = UNKNOWN - 1;
const STEPS = 254;

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const pixel = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
const mix = (a, b, t) => a.map((x, i) => Math.round(x + (b[i] - x) * t));
export const groundPixel = () => pixel(rgb(css("--sunken")));

/** found: of GET /map/colours. */
export function paletteOf(found) {
  const palette = new Uint32Array(256), edge = rgb(css("--edge"));
  if (found.kind === "number") {
    const heat = [1, 2, 3, 4].map((i) => rgb(css(`--heat-${i}`)));
    for (let i = 0; i <= STEPS; i++) {
      const t = (i / STEPS) * (heat.length - 1), j = Math.min(heat.length - 2, Math.floor(t));
      palette[i] = pixel(mix(heat[j], heat[j + 1], t - j));
    }
  } else {
    palette.fill(pixel(edge));
    found.names.slice(0, NAMES).forEach((_, i) => { palette[i] = pixel(rgb(css(`--g${i + 1}`))); });
  }
  palette[UNKNOWN] = pixel(mix(edge, rgb(css("--sunken")), 0.45));
  return palette;
}

/** {rows: [{name, group, count}], other, unknown} of texts; of numbers {low, high, unknown}. */
export function legendOf(found, values) {
  const counts = new Uint32Array(256);
  for (const code of values) counts[code]++;
  if (found.kind === "number") return { low: found.low, high: found.high, unknown: counts[UNKNOWN] };
  const shown = found.names.slice(0, NAMES);
  let other = counts[OTHER];
  for (let i = NAMES; i < found.names.length; i++) other += counts[i];
  return { rows: shown.map((name, i) => ({ name, group: i + 1, count: counts[i] })), other, unknown: counts[UNKNOWN] };
}
