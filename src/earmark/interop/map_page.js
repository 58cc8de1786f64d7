"use strict";
// One canvas: points by genre, names of regions, zoom and pan, a hint under the pointer, search.
const data = JSON.parse(document.getElementById("data").textContent);
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const xy = new Uint16Array(bytes(data.xy).buffer);
const kinds = bytes(data.kinds);
const n = kinds.length, WIDEST = 65535, REST = 8, REACH = 9, CELL = 1024, SIDE = WIDEST / CELL + 1;
const canvas = document.getElementById("map"), context = canvas.getContext("2d");
const tip = document.getElementById("tip"), find = document.getElementById("find");
const hidden = new Set();
let found = null; // Uint8Array of what fits the search
let view = { x: WIDEST / 2, y: WIDEST / 2, scale: 1 };
let drawing = false, held = null;

const cells = new Map(); // points by cell of a grid, for the hint
for (let i = 0; i < n; i++) {
  const key = Math.floor(xy[2 * i] / CELL) * SIDE + Math.floor(xy[2 * i + 1] / CELL);
  if (!cells.has(key)) cells.set(key, []);
  cells.get(key).push(i);
}
const width = () => canvas.clientWidth, height = () => canvas.clientHeight;
const fit = () => (Math.min(width(), height()) * 0.92) / WIDEST;
const zoom = () => view.scale * fit();
const shownX = (x) => (x - view.x) * zoom() + width() / 2;
const shownY = (y) => (view.y - y) * zoom() + height() / 2;
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw() {
  drawing = false;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width() * ratio;
  canvas.height = height() * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width(), height());
  const colours = [...Array(REST).keys()].map((k) => style(`--c${k}`)).concat(style("--rest"));
  const r = Math.max(1.2, Math.min(7, (n > 20000 ? 1.4 : n > 2000 ? 2.2 : 4) * Math.sqrt(view.scale)));
  for (let k = REST; k >= 0; k--) points(k, colours[k], r);
  labels();
}
function points(kind, colour, r) {
  if (hidden.has(kind)) return;
  context.fillStyle = colour;
  for (const fits of found ? [0, 1] : [1]) {
    context.globalAlpha = fits ? 0.8 : 0.12;
    const size = found && fits ? r * 1.6 : r;
    for (let i = 0; i < n; i++) {
      if (kinds[i] !== kind || (found && found[i] !== fits)) continue;
      const x = shownX(xy[2 * i]), y = shownY(xy[2 * i + 1]);
      if (x < -9 || y < -9 || x > width() + 9 || y > height() + 9) continue;
      if (size < 2) context.fillRect(x - size, y - size, 2 * size, 2 * size);
      else { context.beginPath(); context.arc(x, y, size, 0, 7); context.fill(); }
    }
  }
  context.globalAlpha = 1;
}
function labels() {
  context.font = "600 13px system-ui, sans-serif";
  context.textAlign = "center";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = style("--ground");
  context.fillStyle = style("--ink");
  const taken = []; // the largest regions first; a name that would lie on another is left out until one zooms in
  for (const [text, px, py] of data.labels) {
    const half = context.measureText(text).width / 2 + 4;
    const x = Math.max(half, Math.min(width() - half, shownX(px))), y = shownY(py);
    if (y < 12 || y > height() - 6 || Math.abs(x - shownX(px)) > half) continue;
    if (taken.some((t) => Math.abs(t[0] - x) < t[2] + half && Math.abs(t[1] - y) < 20)) continue;
    taken.push([x, y, half]);
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  }
}
function later() { if (!drawing) { drawing = true; requestAnimationFrame(draw); } }
function nearest(px, py) {
  const x = (px - width() / 2) / zoom() + view.x, y = view.y - (py - height() / 2) / zoom();
  const reach = REACH / zoom(), span = Math.min(64, Math.ceil(reach / CELL));
  let best = -1, closest = reach * reach;
  for (let a = -span; a <= span; a++) for (let b = -span; b <= span; b++) {
    const key = (Math.floor(x / CELL) + a) * SIDE + Math.floor(y / CELL) + b;
    for (const i of cells.get(key) || []) {
      if (hidden.has(kinds[i])) continue;
      const far = (xy[2 * i] - x) ** 2 + (xy[2 * i + 1] - y) ** 2;
      if (far < closest) { closest = far; best = i; }
    }
  }
  return best;
}
function hint(event) {
  const i = nearest(event.offsetX, event.offsetY);
  tip.hidden = i < 0;
  if (i < 0) return;
  const [title, artist, tags] = data.names[i];
  tip.replaceChildren();
  const head = document.createElement("b"), rest = document.createElement("span");
  head.textContent = artist ? `${artist}: ${title}` : title;
  rest.textContent = tags;
  tip.append(head, rest);
  tip.style.left = `${Math.max(0, Math.min(event.offsetX + 14, width() - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(0, Math.min(event.offsetY + 14, height() - tip.offsetHeight - 8))}px`;
}
function zoomAt(factor, px, py) {
  const before = zoom();
  view.scale = Math.max(0.6, Math.min(60, view.scale * factor));
  const change = 1 / before - 1 / zoom();
  view.x += (px - width() / 2) * change;
  view.y -= (py - height() / 2) * change;
  later();
}
function move(dx, dy) { view.x -= dx / zoom(); view.y += dy / zoom(); later(); }

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoomAt(Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
}, { passive: false });
canvas.addEventListener("pointerdown", (event) => {
  held = [event.clientX, event.clientY];
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", (event) => {
  if (!held) { hint(event); return; }
  tip.hidden = true;
  move(event.clientX - held[0], event.clientY - held[1]);
  held = [event.clientX, event.clientY];
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { held = null; });
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
canvas.addEventListener("dblclick", () => { view = { x: WIDEST / 2, y: WIDEST / 2, scale: 1 }; later(); });
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
  if (step) move(...step);
  else if ("+=-".includes(event.key)) zoomAt(event.key === "-" ? 0.8 : 1.25, width() / 2, height() / 2);
  else return;
  event.preventDefault();
});
find.addEventListener("input", () => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  found = words.length ? Uint8Array.from(data.names, (parts) => {
    const text = parts.join(" ").toLowerCase();
    return words.every((word) => text.includes(word)) ? 1 : 0;
  }) : null;
  later();
});
const legend = document.getElementById("legend");
[...data.genres.keys(), REST].forEach((k) => {
  if (!kinds.includes(k)) return;
  const line = document.createElement("li"), button = document.createElement("button"), dot = document.createElement("i");
  dot.style.background = k === REST ? "var(--rest)" : `var(--c${k})`;
  button.append(dot, k === REST ? "other, or unsure" : data.genres[k]);
  button.setAttribute("aria-pressed", "true");
  button.addEventListener("click", () => {
    if (!hidden.delete(k)) hidden.add(k);
    button.setAttribute("aria-pressed", String(!hidden.has(k)));
    later();
  });
  line.append(button);
  legend.append(line);
});
new ResizeObserver(later).observe(canvas);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
later();
