// A range of bars that stand beside each other, taken by dragging over them, or by shift and arrows.

import { clamp } from "./dom.js";

/** bars : of `place`, from left to right; tell(a, b): these and all between are meant now, or none (null); take(a, b): they
 *  shall be it. One bar is left to its own click. */
export function brush(place, bars, { tell, take }) {
  let start = -1, end = -1, dragged = false;
  const mark = (a, b) => {
    const [low, high] = a <= b ? [a, b] : [b, a], isRange = a >= 0;
    bars.forEach((x, i) => x.classList.toggle("is-in", isRange && i >= low && i <= high));
    isRange ? tell(low, high) : tell(null);
  };
  const letGo = () => { start = end = -1; dragged = false; mark(-1, -1); };
  const done = () => { const [a, b] = [Math.min(start, end), Math.max(start, end)]; letGo(); take(a, b); };
  const under = (event) => { const box = place.getBoundingClientRect(); return clamp(Math.floor(((event.clientX - box.left) / box.width) * bars.length), 0, bars.length - 1); };

  place.addEventListener("dragstart", (event) => event.preventDefault()); // a link would be carried away
  place.addEventListener("pointerdown", (event) => { if (!event.button) { start = end = under(event); dragged = false; } });
  place.addEventListener("pointermove", (event) => {
    if (start < 0 || !event.buttons || under(event) === end) return;
    if (!dragged) place.setPointerCapture(event.pointerId);
    dragged = true;
    end = under(event);
    mark(start, end);
  });
  place.addEventListener("pointerup", () => {
    if (!dragged) { start = end = -1; return; }
    place.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
    done();
  });
  place.addEventListener("pointercancel", letGo);
  byKeyboard(place, bars, { range: () => [start, end], set: (a, b) => { start = a; end = b; mark(a, b); }, letGo, done });
}

/** One stop of the tab key; arrows go from bar to bar, with shift they take a range, which enter asks for. */
function byKeyboard(place, bars, { range, set, letGo, done }) {
  const rove = (i) => bars.forEach((x, k) => { if (x.href) x.tabIndex = k === i ? 0 : -1; });
  rove(0);
  place.addEventListener("keydown", (event) => {
    const at = bars.indexOf(event.target), [start, end] = range(), isRange = start >= 0;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (to !== undefined) {
      const next = clamp(to, 0, bars.length - 1);
      if (event.shiftKey) set(isRange ? start : at, next);
      else letGo();
      rove(next);
      bars[next].focus();
    } else if (event.key === "Enter" && isRange && start !== end) done();
    else if (event.key === "Escape" && isRange) letGo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  place.addEventListener("focusout", (event) => { if (!place.contains(event.relatedTarget) && range()[0] >= 0) letGo(); });
}
