// A file that was dropped on the page: analysed, not kept.

import { follow, get } from "../api.js";
import { catalogue } from "../catalogue.js";
import { add, copy, fill, h } from "../dom.js";
import { time } from "../format.js";
import { btn, head, problem, skeleton } from "../parts.js";
import { trackBody } from "./trackbody.js";

export const analysis = {
  title: () => "A file",
  async show(root, route, leave) {
    const page = h("article", { class: "page track" });
    add(root, page);
    const job = await get(`/jobs/${route.id}`);
    const known = await catalogue().catch(() => ({ facts: {} }));
    let body = null;
    leave(() => body && body.destroy());
    const show = async (news) => {
      if (news.state === "failed") return fill(page, head(news.spec.name), problem({ message: news.error.problem, source: news.error.source, remedy: news.error.remedy }));
      if (news.state !== "succeeded") return fill(page, head(news.spec.name, news.state === "queued" ? "Waits for its turn" : "Being heard; it is not kept"), skeleton(8));
      body = paint(page, await get(`/jobs/${route.id}/result`), route.id, known);
      dispatchEvent(new Event("jobs"));
    };
    await show(job);
    if (["queued", "running"].includes(job.state)) leave(follow(route.id, show));
  },
};

function paint(page, found, job, known) {
  const place = h("div", {}), { curves } = found;
  const { curves: _, ...values } = found;
  fill(page, h("header", { class: "thead plain" }, h("div", { class: "tnames" }, h("h1", { tabindex: -1, dir: "auto" }, found.name), h("p", {}, h("bdi", {}, found.artist || "unknown artist"), " · ", h("span", { class: "num" }, time(found.duration)), " · not kept, in no catalogue")),
    h("div", { class: "row" }, btn("What in the catalogue sounds like it", { icon: "near", href: `/similar?seed=job:${job}`, kind: "main" }), btn("Copy JSON", { icon: "copy", on: () => copy(JSON.stringify(values, null, 2)) }))), place);
  const source = { curves: async () => curves, waveform: null, spectrum: null };
  return trackBody(place, { files: [], ...found, title: found.name }, source, known, { correct: null, hear: null, play: null, near: null });
}
