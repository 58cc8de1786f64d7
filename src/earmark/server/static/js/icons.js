// Icons and shapes, drawn here so that nothing is loaded.

import { s } from "./dom.js";
import { groupNumber } from "./tags.js";

const SOLID = { play: "M5 3.2v9.6L13 8z", pause: "M4.5 3h2.6v10H4.5zM9 3h2.6v10H9z", next: "M3 3.5v9L9.5 8zM10.5 3.5h2v9h-2z", prev: "M13 3.5v9L6.5 8zM3.5 3.5h2v9h-2z" };
const LINES = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM11 11l3.4 3.4", plus: "M8 3v10M3 8h10", minus: "M3 8h10", x: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.2 3.2L13 4.6", copy: "M6 6h7v7H6zM10 6V3H3v7h3", undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3",
  loop: "M4 5h7.5a2 2 0 0 1 2 2v.5M4 5l2-2M4 5l2 2M12 11H4.5a2 2 0 0 1-2-2v-.5M12 11l-2-2M12 11l-2 2", list: "M2.5 4h11M2.5 8h11M2.5 12h7",
  alert: "M8 2.5l6 11H2zM8 7v3M8 12h.01", folder: "M2 4h4l1.5 1.8H14V13H2z", out: "M8 10V2M5 5l3-3 3 3M3 9v4.5h10V9", down: "M4 6l4 4 4-4",
  theme: "M8 2.2A5.8 5.8 0 1 0 8 13.8zM8 2.2a5.8 5.8 0 0 1 0 11.6", near: "M8 8h.01M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM8 1.5a6.5 6.5 0 1 1 0 13",
  jobs: "M2.5 5h11M2.5 11h11M5 3v4M10 9v4", help: "M6 6a2 2 0 1 1 2.8 1.8c-.5.3-.8.7-.8 1.4M8 11.8h.01", vol: "M2.5 6.3h2.3L8 3.5v9L4.8 9.7H2.5zM10.5 6a3 3 0 0 1 0 4",
  way: "M2.500 12.500h5.500a2.300 2.300 0 0 0 0-4.600H7a2.200 2.200 0 0 1 0-4.400h6M11 1.500l2 2-2 2",
  lock: "M4 7.5h8V13H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5", open: "M4 7.5h8V13H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1", up: "M4 10l4-4 4 4", grip: "M6 4h.01M10 4h.01M6 8h.01M10 8h.01M6 12h.01M10 12h.01",
  write: "M3 13l.8-3L10.500 3.300a1.400 1.400 0 0 1 2 2L5.800 12zM9.300 4.500l2 2",
  start: "M2.5 8L8 3l5.5 5M4 7v6h8V7", map: "M3 4h.01M6 6h.01M5 9h.01M10 4h.01M12 7h.01M11 11h.01M8 12h.01M13 13h.01M3 13h.01", lists: "M2.5 4h8M2.5 8h8M2.5 12h5M12 8v5M9.5 10.5h5", lasso: "M8 3c3.3 0 6 1.6 6 3.8S11.3 10.500 8 10.500 2 9 2 6.800 4.700 3 8 3zM5 10.200C4.500 12 5 13 6 13.500", box: "M3 3h10v10H3z", hand: "M8 2v12M2 8h12M6 4l2-2 2 2M6 12l2 2 2-2",
  settings: "M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4",
};
const SHAPES = {
  0: ["circle", { cx: 6, cy: 6, r: 3 }], 1: ["circle", { cx: 6, cy: 6, r: 4.5 }], 2: ["path", { d: "M6 .8 11.2 6 6 11.2.8 6z" }],
  3: ["path", { d: "M3.2 1.5h5.6L11.5 6l-2.7 4.5H3.2L.5 6z" }], 4: ["path", { d: "M1.8 1.8h8.4v8.4H1.8z" }],
  5: ["path", { d: "M2 2l8 8M10 2l-8 8", fill: "none", "stroke-width": 2.6 }], 6: ["path", { d: "M1 4.2h10v3.6H1z" }],
  7: ["path", { d: "M6 1.2 11.3 10.6H.7z" }], 8: ["circle", { cx: 6, cy: 6, r: 3.8, fill: "none", "stroke-width": 2.2 }],
  9: ["path", { d: "M6 .6l1.5 3.7 4 .3-3.1 2.6 1 3.9L6 9 2.6 11.1l1-3.9L.5 4.6l4-.3z" }],
  10: ["path", { d: "M6 1.2a4.8 4.8 0 0 1 0 9.6zM6 1.2v9.6", "stroke-width": 1.4 }],
  11: ["path", { d: "M6 1v10M1 6h10", fill: "none", "stroke-width": 2.6 }], 12: ["path", { d: "M.6 6Q6-.6 11.4 6 6 12.6.6 6z" }],
};

export function icon(name, size = 16) {
  const solid = SOLID[name];
  const paint = solid ? { fill: "currentColor" } : { fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return s("svg", { viewBox: "0 0 16 16", width: size, height: size, class: "icon", "aria-hidden": "true", ...paint }, s("path", { d: solid || LINES[name] }));
}

/** The shape of a group of tags, in its colour: told apart without colour too. */
export function shape(group, size = 12) {
  const n = groupNumber(group), [tag, props] = SHAPES[n];
  return s("svg", { viewBox: "0 0 12 12", width: size, height: size, class: `shape g${n}`, "aria-hidden": "true" }, s(tag, { fill: "currentColor", stroke: "currentColor", "stroke-width": 0, ...props }));
}

/** Sure: a full disc; unsure: a broken ring. */
export function mark(sure) {
  const ring = { r: 3.8, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-dasharray": "2.6 2.1" };
  return s("svg", { viewBox: "0 0 12 12", width: 12, height: 12, class: "mark", role: "img", "aria-label": sure ? "sure" : "unsure" }, s("circle", { cx: 6, cy: 6, ...(sure ? { r: 4, fill: "currentColor" } : ring) }));
}
