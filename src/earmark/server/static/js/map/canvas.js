// The map as it is seen and moved: two canvases, points below, what is chosen above.

import { clamp, css, h } from "../dom.js";
import { groundPixel, paletteOf } from "./colours.js";
import { paint, sizeFor, whole } from "./raster.js";

const NEAR = 9; // pixels within which the pointer finds a point
const CLOSEST = 400; // times as large as all of it

export class MapCanvas {
  /** tell: {hover(i, x, y), pick(i), chosen(numbers)}; labels: [{text, x, y}]. */
  constructor(root, points, labels, tell) {
    Object.assign(this, { root, points, labels, tell, tool: "move", found: null, lines: [], picked: -1, hovered: -1, path: null });
    this.low = h("canvas", { "aria-hidden": "true" });
    this.top = h("canvas", { class: "maptop", tabindex: 0, role: "application", "aria-label": "Map of the collection. Arrows go to the nearest track that way, enter opens it, space plays it. The table beside it holds the same.", data: { ownkeys: "" } });
    root.append(this.low, this.top);
    this.listen();
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(root);
    this.resize();
  }
  destroy() { this.watch.disconnect(); cancelAnimationFrame(this.frame); }

  resize() {
    const { clientWidth: w, clientHeight: height } = this.root;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    for (const canvas of [this.low, this.top]) { canvas.width = Math.max(1, Math.round(w * this.ratio)); canvas.height = Math.max(1, Math.round(height * this.ratio)); }
    this.image = this.low.getContext("2d").createImageData(this.low.width, this.low.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.all();
  }
  all() { this.view = whole(this.points, this.low.width, this.low.height, 28 * this.ratio); this.least = this.view.scale; this.later(); }
  colour(found, values) { this.found = found; this.points.colour(values); this.later(); }
  later() { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); }); }

  // -- drawing ----------------------------------------------------------------------------------------------------

  draw() {
    if (!this.found) return;
    const { width, height } = this.low;
    paint(this.points, this.pixels, width, height, this.view, paletteOf(this.found), sizeFor(this.points, this.view, width, height, this.ratio), groundPixel());
    this.low.getContext("2d").putImageData(this.image, 0, 0);
    this.over();
  }
  over() {
    const c = this.top.getContext("2d");
    c.clearRect(0, 0, this.top.width, this.top.height);
    this.drawLabels(c);
    this.drawLines(c);
    if (this.path) this.drawPath(c);
    if (this.hovered >= 0 && this.hovered !== this.picked) this.ring(c, this.hovered, css("--ink"), 5);
  }
  drawLabels(c) {
    c.font = `600 ${12 * this.ratio}px ${css("--font-text")}`;
    c.textAlign = "center";
    const taken = [];
    for (const one of this.labels) {
      const [x, y] = this.toPixels([one.x, one.y]), half = c.measureText(one.text).width / 2 + 4 * this.ratio, box = [x - half, y - 12 * this.ratio, x + half, y + 6 * this.ratio];
      if (box[0] < 0 || box[2] > this.top.width || taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) continue;
      taken.push(box);
      c.lineWidth = 4 * this.ratio; c.strokeStyle = css("--sunken"); c.strokeText(one.text, x, y);
      c.fillStyle = css("--ink"); c.fillText(one.text, x, y);
    }
  }
  drawLines(c) {
    if (this.picked < 0) return;
    const from = this.toPixels(this.points.at(this.picked));
    c.lineWidth = 1.5 * this.ratio; c.strokeStyle = css("--ink");
    for (const i of this.lines) {
      c.beginPath(); c.moveTo(...from); c.lineTo(...this.toPixels(this.points.at(i))); c.stroke();
      this.ring(c, i, css("--ink"), 4);
    }
    this.ring(c, this.picked, css("--accent"), 6, true);
  }
  ring(c, i, colour, r, full = false) {
    const [x, y] = this.toPixels(this.points.at(i));
    c.beginPath(); c.arc(x, y, r * this.ratio, 0, 2 * Math.PI);
    c.fillStyle = full ? colour : css("--sunken"); c.fill();
    c.lineWidth = 2 * this.ratio; c.strokeStyle = full ? css("--ink") : colour; c.stroke();
  }
  drawPath(c) {
    c.beginPath();
    this.path.forEach((p, i) => (i ? c.lineTo(...p) : c.moveTo(...p)));
    c.closePath();
    c.setLineDash([6 * this.ratio, 4 * this.ratio]); c.lineWidth = 2 * this.ratio; c.strokeStyle = css("--accent"); c.stroke(); c.setLineDash([]);
  }
  toPixels([x, y]) { return [(x - this.view.x) * this.view.scale, (y - this.view.y) * this.view.scale]; }
  toMap([px, py]) { return [px / this.view.scale + this.view.x, py / this.view.scale + this.view.y]; }

  // -- moving -----------------------------------------------------------------------------------------------------

  zoom(by, at = [this.low.width / 2, this.low.height / 2]) {
    const [x, y] = this.toMap(at), scale = clamp(this.view.scale * by, this.least * 0.5, this.least * CLOSEST);
    this.view = { scale, x: x - at[0] / scale, y: y - at[1] / scale };
    this.later();
  }
  pan(dx, dy) { this.view.x -= dx / this.view.scale; this.view.y -= dy / this.view.scale; this.later(); }
  pick(i, lines = []) { Object.assign(this, { picked: i, lines }); this.keepInSight(i); this.later(); }
  keepInSight(i) {
    if (i < 0) return;
    const [x, y] = this.toPixels(this.points.at(i)), edge = 20 * this.ratio;
    this.pan(clamp(0, edge - x, this.low.width - edge - x), clamp(0, edge - y, this.low.height - edge - y));
  }
  where(event) { const box = this.top.getBoundingClientRect(); return [(event.clientX - box.left) * this.ratio, (event.clientY - box.top) * this.ratio]; }
  under(at) { const [x, y] = this.toMap(at); return this.points.nearest(x, y, (NEAR * this.ratio) / this.view.scale); }

  listen() {
    this.top.addEventListener("wheel", (event) => { event.preventDefault(); this.zoom(Math.exp(-event.deltaY / 300), this.where(event)); }, { passive: false });
    this.top.addEventListener("pointerdown", (event) => this.pressed(event));
    this.top.addEventListener("pointermove", (event) => this.moved(event));
    this.top.addEventListener("pointerup", (event) => this.released(event));
    this.top.addEventListener("pointerleave", () => { if (!this.from) this.hover(-1); });
  }
  pressed(event) {
    this.top.setPointerCapture(event.pointerId);
    this.from = this.last = this.where(event);
    this.far = false;
  }
  moved(event) {
    const at = this.where(event);
    if (!this.from) return this.hover(this.under(at), event);
    this.far ||= Math.hypot(at[0] - this.from[0], at[1] - this.from[1]) > 4 * this.ratio;
    if (!this.far) return;
    if (this.tool === "move") this.pan(at[0] - this.last[0], at[1] - this.last[1]);
    else { const [a, b] = this.from; this.path = this.tool === "box" ? [[a, b], [at[0], b], at, [a, at[1]]] : [...(this.path || [this.from]), at]; this.over(); }
    this.last = at;
  }
  released(event) {
    const { path, far } = this;
    this.from = this.path = null;
    if (path && far) this.tell.chosen(this.points.inside(path.map((p) => this.toMap(p))));
    else if (!far) { const i = this.under(this.where(event)); if (i >= 0) this.tell.pick(i); }
    this.over();
  }
  hover(i, event) {
    if (i === this.hovered) return;
    this.hovered = i;
    this.over();
    this.tell.hover(i, event);
  }
}
