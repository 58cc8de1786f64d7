// A playlist on a media server: first which of its tracks are there, then the list itself.

import { follow, get, post } from "./api.js";
import { fill, h } from "./dom.js";
import { many } from "./format.js";
import { btn, menu, problem } from "./parts.js";
import { KINDS } from "./pages/servers.js";

const NAMED = 5; // tracks that are missing there

/** The menu of a playlist, by its id; it asks for the servers when it is opened. */
export function sendMenu(playlist) {
  const place = h("div", { class: "stack tight" }), box = menu("Send", place);
  box.classList.add("exports");
  const open = async () => {
    fill(place, h("p", { class: "cap", role: "status" }, "…"));
    try {
      const { items } = await get("/servers");
      fill(place, items.length ? items.map((x) => one(x, playlist)) : [h("p", { class: "cap" }, "No media server is known yet: Navidrome, Jellyfin or Plex."), btn("Name one in Settings", { kind: "tiny", href: "/settings" })]);
    } catch (error) { fill(place, problem(error)); }
  };
  box.addEventListener("toggle", () => box.open && open());
  return box;
}

/** A server: look first, then make the list there. */
function one(server, playlist) {
  const says = h("div", { class: "stack tight" }), buttons = h("div", { class: "row" });
  const doing = (act, done) => async () => {
    [...buttons.children].forEach((x) => { x.disabled = true; });
    fill(says, h("p", { class: "cap", role: "status" }, `${server.name} is asked …`));
    try { done(await finished(await post(`/servers/${server.id}:${act}`, { playlist }))); } catch (error) { fill(says, problem(error)); }
    [...buttons.children].forEach((x) => { x.disabled = false; });
  };
  const found = (report) => fill(says, told(report));
  const sent = (report) => fill(says, h("p", { role: "status" }, report.written ? h("span", { class: "pill good" }, "it is there") : h("span", { class: "pill warn" }, "not made"), report.written ? null : " It has none of these tracks."), told(report));
  fill(buttons, btn(`Look on ${server.name}`, { icon: "search", kind: "tiny", title: "Which of its tracks are there; nothing is written", on: doing("match", found) }), btn(`Send to ${server.name}`, { icon: "out", kind: "tiny", title: "A list of this name there is replaced", on: doing("push", sent) }));
  return h("section", { class: "stack tight" }, h("div", { class: "row" }, h("b", { dir: "auto" }, server.name), h("span", { class: "cap" }, KINDS[server.kind] || server.kind)), buttons, says);
}

function told({ matched, by, missing }) {
  const how = Object.entries(by).map(([what, n]) => `${n} by ${what}`).join(", "), rest = missing.length - NAMED;
  return [h("p", { role: "status" }, h("b", { class: missing.length ? "bad" : "good" }, `${matched} of ${many(matched + missing.length, "track")} found there`), how ? `, ${how}` : ""), missing.length ? h("ul", { class: "cap" }, missing.slice(0, NAMED).map((x) => h("li", { dir: "auto" }, x.title)), rest > 0 ? h("li", {}, `and ${rest} more`) : null) : null];
}

/** What a job has found, when it is over; throws what it failed with. */
function finished(job) {
  return new Promise((resolve, reject) => {
    dispatchEvent(new Event("jobs"));
    follow(job.id, (news) => {
      if (["queued", "running"].includes(news.state)) return;
      dispatchEvent(new Event("jobs"));
      if (news.error) reject(Object.assign(new Error(news.error.problem), { source: news.error.source, remedy: news.error.remedy }));
      else if (news.state === "succeeded") resolve(get(`/jobs/${job.id}/result`));
      else reject(new Error(`it was ${news.state}`));
    });
  });
}
