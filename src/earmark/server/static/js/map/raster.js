// A million points into the bytes of a picture: no library, no GPU.
//
// Points are sorted once into a grid of cells, each cell's points side by side in memory, so that a view reads only cells in
// sight and what lies under the pointer is found by looking into a few of them.

const SIDE = 256; // cells of the grid, each way
const UNKNOWN = 255;

/** xy: Float32Array of 2n. Points in the order of cells; `order[k]` is the number that the k-th had. */
export class Points {
  constructor(xy) {
    const n = (this.n = xy.length / 2);
    this.bounds = boundsOf(xy);
    const { x0, y0, w, h } = this.bounds, cell = new Uint16Array(n), counts = new Uint32Array(SIDE * SIDE + 1);
    for (let i = 0; i < n; i++) {
      cell[i] = Math.min(SIDE - 1, ((xy[2 * i + 1] - y0) / h) * SIDE | 0) * SIDE + Math.min(SIDE - 1, ((xy[2 * i] - x0) / w) * SIDE | 0);
      counts[cell[i] + 1]++;
    }
    for (let c = 0; c < SIDE * SIDE; c++) counts[c + 1] += counts[c];
    this.starts = counts;
    const next = counts.slice(), order = (this.order = new Uint32Array(n)), x = (this.x = new Float32Array(n)), y = (this.y = new Float32Array(n));
    this.place = new Uint32Array(n); // of a number, where it stands
    for (let i = 0; i < n; i++) {
      const k = next[cell[i]]++;
      order[k] = i; x[k] = xy[2 * i]; y[k] = xy[2 * i + 1]; this.place[i] = k;
    }
    this.codes = new Uint8Array(n);
  }
  /** values: a byte for every point, in the order in which they came. */
  colour(values) { for (let k = 0; k < this.n; k++) this.codes[k] = values[this.order[k]]; }

  /** The cells that a rectangle of the map touches, both ends included; null: none. */
  cells(left, top, right, bottom) {
    const { x0, y0, w, h } = this.bounds, at = (v, from, size) => Math.min(SIDE - 1, Math.max(0, ((v - from) / size) * SIDE | 0));
    if (right < x0 || bottom < y0 || left > x0 + w || top > y0 + h) return null;
    return { left: at(left, x0, w), top: at(top, y0, h), right: at(right, x0, w), bottom: at(bottom, y0, h) };
  }
  /** Call act(from, to) for runs of points in those cells. */
  runs(left, top, right, bottom, act) {
    const found = this.cells(left, top, right, bottom);
    if (!found) return;
    for (let row = found.top; row <= found.bottom; row++) act(this.starts[row * SIDE + found.left], this.starts[row * SIDE + found.right + 1]);
  }
  /** The number of the point nearest to a place, within a distance; -1: none. */
  nearest(px, py, within) {
    let best = within * within, found = -1;
    this.runs(px - within, py - within, px + within, py + within, (from, to) => {
      for (let k = from; k < to; k++) {
        const dx = this.x[k] - px, dy = this.y[k] - py, d = dx * dx + dy * dy;
        if (d <= best) { best = d; found = this.order[k]; }
      }
    });
    return found;
  }
  /** The numbers of the points inside a polygon [[x, y], ...]. */
  inside(polygon) {
    const xs = polygon.map((p) => p[0]), ys = polygon.map((p) => p[1]), found = [], box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    this.runs(...box, (from, to) => {
      for (let k = from; k < to; k++) {
        const px = this.x[k], py = this.y[k];
        if (px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3] && isInside(px, py, polygon)) found.push(this.order[k]);
      }
    });
    return found;
  }
  /** The nearest point in a direction (dx, dy of one unit), seen from another; within 45 degrees of it. */
  towards(i, dx, dy) {
    const k0 = this.place[i], px = this.x[k0], py = this.y[k0];
    let best = Infinity, found = -1;
    for (let k = 0; k < this.n; k++) {
      const ax = this.x[k] - px, ay = this.y[k] - py, along = ax * dx + ay * dy, across = Math.abs(ax * dy - ay * dx);
      if (along <= 0 || across > along || along + across >= best) continue;
      best = along + across; found = this.order[k];
    }
    return found;
  }
  at(i) { return [this.x[this.place[i]], this.y[this.place[i]]]; }
}

function boundsOf(xy) {
  let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
  for (let i = 0; i < xy.length; i += 2) {
    if (xy[i] < x0) x0 = xy[i];
    if (xy[i] > x1) x1 = xy[i];
    if (xy[i + 1] < y0) y0 = xy[i + 1];
    if (xy[i + 1] > y1) y1 = xy[i + 1];
  }
  return xy.length ? { x0, y0, w: Math.max(1e-6, x1 - x0), h: Math.max(1e-6, y1 - y0) } : { x0: 0, y0: 0, w: 1, h: 1 };
}

/** Even-odd rule along a line to the right. */
function isInside(px, py, polygon) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i], [bx, by] = polygon[j];
    if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Which part of the map is seen: pixel = (place - origin) * scale. */
export function whole(points, width, height, margin = 24) {
  const { x0, y0, w, h } = points.bounds, scale = Math.min((width - 2 * margin) / w, (height - 2 * margin) / h);
  return { x: x0 - (width / scale - w) / 2, y: y0 - (height / scale - h) / 2, scale };
}

const LAYERS = 6; // points for a place of a cell: of more, all but one in 400 places would only be drawn over again

/** Draw points into 32-bit pixels. palette: Uint32Array(256), 0: not drawn; size: side of a point in pixels. */
export function paint(points, pixels, width, height, view, palette, size, ground) {
  pixels.fill(ground);
  const { x, y, codes } = points, { scale } = view, half = size >> 1;
  const all = { x, y, codes, pixels, palette, scale, width, height, size, ox: view.x * scale + half, oy: view.y * scale + half };
  drawCells(points, view, width, height, size, (from, to) => drawDots(all, from, to), (from, to) => (size === 1 ? drawPixels : drawDots)(all, from, to));
}

/** One pixel each, all of them inside the picture. */
function drawPixels({ x, y, codes, pixels, palette, scale, width, ox, oy }, from, to) {
  for (let k = from; k < to; k++) {
    const colour = palette[codes[k]];
    if (colour !== 0) pixels[((y[k] * scale - oy) | 0) * width + ((x[k] * scale - ox) | 0)] = colour;
  }
}

function drawDots({ x, y, codes, pixels, palette, scale, width, height, size, ox, oy }, from, to) {
  const right = width - size, bottom = height - size;
  for (let k = from; k < to; k++) {
    const px = (x[k] * scale - ox) | 0, py = (y[k] * scale - oy) | 0, colour = palette[codes[k]];
    if (px < 0 || py < 0 || px > right || py > bottom || colour === 0) continue;
    let at = py * width + px;
    for (let row = 0; row < size; row++, at += width) for (let i = 0; i < size; i++) pixels[at + i] = colour;
  }
}

/** Of a cell in which far more points lie than there are places for them, only the first are drawn. inside: of cells that no edge of the picture touches. */
function drawCells(points, view, width, height, size, edge, inside) {
  const cells = points.cells(...seen(view, width, height)), { starts, bounds } = points, places = (length) => Math.max(1, ((length / SIDE) * view.scale) / size);
  if (!cells) return;
  const most = Math.ceil(LAYERS * places(bounds.w) * places(bounds.h)), { left, top, right, bottom } = cells;
  const stretch = (from, to, act) => { // cells side by side lie side by side in memory, too
    let begin = starts[from];
    for (let c = from; c < to; c++) {
      if (starts[c + 1] - starts[c] <= most) continue;
      act(begin, starts[c] + most);
      begin = starts[c + 1];
    }
    act(begin, starts[to]);
  };
  for (let row = top; row <= bottom; row++) {
    const first = row * SIDE + left, end = row * SIDE + right + 1;
    if (row === top || row === bottom || right - left < 2) { stretch(first, end, edge); continue; }
    stretch(first, first + 1, edge);
    stretch(first + 1, end - 1, inside);
    stretch(end - 1, end, edge);
  }
}
const seen = (view, width, height) => [view.x, view.y, view.x + width / view.scale, view.y + height / view.scale];

/** How large a point is drawn: many points are one pixel, few are larger. */
export const sizeFor = (points, view, width, height, ratio) => {
  let shown = 0;
  points.runs(...seen(view, width, height), (from, to) => { shown += to - from; });
  return Math.round(ratio * (shown > 300000 ? 1 : shown > 30000 ? 2 : shown > 2000 ? 3 : 6));
};
export { UNKNOWN };
