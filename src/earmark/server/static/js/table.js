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
  headCell({ name, cls, sort: field, hidden, head }, sort, onSort) {
    const way = sort === field ? "ascending" : sort === `-${field}` ? "descending" : null;
    const arrow = way === "ascending" ? " ↑" : way === "descending" ? " ↓" : "";
    const press = () => onSort(way === "ascending" ? `-${field}` : way === "descending" ? "" : field);
    const inside = head ? head : field && onSort ? h("button", { type: "button", on: { click: press } }, name, arrow) : hidden ? h("span", { class: "sr" }, name) : name;
    return h("th", { scope: "col", class: cls, "aria-sort": way }, inside);
  }
  /** Show every column at any width, the title at least so many rem: the table then is wider than its place.
   *  Returns a bar that scrolls it and stays in sight, however far away its own one is. */
  widen(title) {
    this.table.classList.add("own");
    const others = [...this.table.tHead.rows[0].cells].filter((x) => !x.classList.contains("c-title"));
    this.table.style.minWidth = `${others.reduce((sum, x) => sum + x.offsetWidth, 0) + title * 16}px`;
    const place = this.table.parentNode, inside = h("div", {}), bar = h("div", { class: "sideways", tabindex: 0, role: "region", "aria-label": "Columns, from side to side", data: { ownkeys: "" } }, inside);
    bar.addEventListener("scroll", () => { place.scrollLeft = bar.scrollLeft; });
    place.addEventListener("scroll", () => { bar.scrollLeft = place.scrollLeft; });
    this.sized = new ResizeObserver(() => { inside.style.width = `${this.table.offsetWidth}px`; bar.hidden = this.table.offsetWidth <= place.clientWidth; });
    this.sized.observe(this.table);
    return bar;
  }
  /** Add the next items; total: how many there are in all, null where nobody knows. */
  append(items, total) {
    this.items.push(...items);
    this.total = total;
    this.table.setAttribute("aria-rowcount", total === null ? -1 : total + 1);
    this.busy = false;
    this.paint();
  }
  /** Take other states of items that are here already. */
  replace(items) {
    const news = new Map(items.map((x) => [x.track_id, x]));
    this.items = this.items.map((x) => news.get(x.track_id) || x);
    for (const [i, row] of this.rows) if (news.has(this.items[i].track_id)) { row.remove(); this.rows.delete(i); }
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
    if (this.sized) this.sized.disconnect();
    removeEventListener("scroll", this.onScroll);
    removeEventListener("resize", this.onScroll);
    cancelAnimationFrame(this.frame);
  }
}
