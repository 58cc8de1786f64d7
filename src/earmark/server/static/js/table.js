// A long table of which only the rows in sight exist; it stays a table for screen readers, with its true row numbers.

import { css, fill, h } from "./dom.js";

const AROUND = 12; // rows kept above and below what is seen

/** columns : [{name, cls, sort?, cell(item) -> node}]; more(from) is asked when the end comes near. */
export class LongTable {
  constructor(root, { label, columns, onSort, sort, more, row }) {
    Object.assign(this, { columns, more, decorate: row, items: [], rows: new Map(), total: null, busy: false });
    this.above = h("tr", { "aria-hidden": "true", class: "gap" }, h("td", {})); // one cell: more would make columns anew
    this.below = h("tr", { "aria-hidden": "true", class: "gap" }, h("td", {}));
    this.body = h("tbody", {}, this.above, this.below);
    this.table = h("table", { class: "tbl list", "aria-label": label }, h("thead", {}, h("tr", {}, columns.map((x) => this.headCell(x, sort, onSort)))), this.body);
    fill(root, this.table);
    this.onScroll = () => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.paint(); }); };
    addEventListener("scroll", this.onScroll, { passive: true });
    addEventListener("resize", this.onScroll);
  }
  headCell({ name, cls, sort: field, hidden }, sort, onSort) {
    const way = sort === field ? "ascending" : sort === `-${field}` ? "descending" : null;
    const arrow = way === "ascending" ? " ↑" : way === "descending" ? " ↓" : "";
    const press = () => onSort(way === "ascending" ? `-${field}` : way === "descending" ? "" : field);
    const inside = field && onSort ? h("button", { type: "button", on: { click: press } }, name, arrow) : hidden ? h("span", { class: "sr" }, name) : name;
    return h("th", { scope: "col", class: cls, "aria-sort": way }, inside);
  }
  /** Add the next items; total: how many there are in all, null where nobody knows. */
  append(items, total) {
    this.items.push(...items);
    this.total = total;
    this.table.setAttribute("aria-rowcount", total === null ? -1 : total + 1);
    this.busy = false;
    this.paint();
  }
  get height() { return parseFloat(css("--row")) * 16; }

  paint() {
    const n = this.items.length, size = this.height, top = this.body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / size) - AROUND), last = Math.min(n, Math.ceil((innerHeight - top) / size) + AROUND);
    for (const [i, row] of this.rows) if (i < first || i >= last) { row.remove(); this.rows.delete(i); }
    for (let i = first; i < last; i++) if (!this.rows.has(i)) this.insert(i);
    this.above.firstChild.style.height = `${Math.min(first, n) * size}px`;
    this.below.firstChild.style.height = `${Math.max(0, n - last) * size}px`;
    this.above.hidden = first === 0;
    this.below.hidden = last >= n;
    if (last > n - AROUND && n && !this.busy) { this.busy = true; this.more(); }
  }
  insert(i) {
    const item = this.items[i], row = h("tr", { "aria-rowindex": i + 2, data: { row: item.track_id } }, this.columns.map((x) => h("td", { class: x.cls }, x.cell(item))));
    this.decorate(row, item);
    this.rows.set(i, row);
    let next = i + 1;
    while (next < i + 200 && !this.rows.has(next)) next++;
    this.body.insertBefore(row, this.rows.get(next) || this.below);
  }
  destroy() {
    removeEventListener("scroll", this.onScroll);
    removeEventListener("resize", this.onScroll);
    cancelAnimationFrame(this.frame);
  }
}
