// What is at work, what has failed, and what helps.

import { del, follow, get, patch, post } from "../api.js";
import { catalogue, renew } from "../catalogue.js";
import { add, fill, h, say } from "../dom.js";
import { fileName, many, when } from "../format.js";
import { btn, empty, head, problem } from "../parts.js";

const NAMES = { scan: "Scan", watch: "Watch", analysis: "Analysis of a file", reanalysis: "Tracks heard again", export: "Export", map: "Map", tags: "Tags in files", push: "Playlist to a media server" };
const LOOKS = { succeeded: "good", failed: "bad", interrupted: "warn", cancelled: "warn", paused: "warn" };
const GOES_ON = ["scan", "watch", "tags"]; // kinds of which half is not lost
const ACTS = { plan: "find out what would be written", apply: "write", undo: "bring back what was there" };
const RESUMABLE = ["paused", "interrupted", "failed", "cancelled"];

export const jobs = {
  title: () => "Jobs and failures",
  async show(root, route, leave) {
    const page = new JobsPage(root, leave);
    await page.load();
  },
};

class JobsPage {
  constructor(root, leave) {
    this.list = h("div", { class: "stack" });
    this.faults = h("div", { class: "stack" });
    this.following = new Map();
    this.form = h("section", { class: "card" });
    leave(() => this.following.forEach((stop) => stop()));
    add(root, h("div", { class: "page jobs" }, head("Jobs and failures"), h("div", { class: "jobsplit" }, h("div", { class: "stack" }, this.form, this.list), this.faults)));
  }
  async load() {
    const [{ items }, known] = await Promise.all([get("/jobs"), catalogue().catch(() => null)]);
    this.jobs = items;
    this.paintForm(known);
    this.cards = new Map();
    fill(this.list, items.length ? items.map((job) => this.card(job)) : empty("No job yet", "A scan hears what is new in the folders of the catalogue."));
    await this.loadFaults();
  }
  paintForm(known) {
    const roots = known ? known.roots : [], says = h("div", {});
    const folder = h("input", { type: "text", value: roots.join(", "), required: true, spellcheck: "false", "aria-label": "Folder on the machine of the server" });
    const retry = h("input", { type: "checkbox" }), prune = h("input", { type: "checkbox" });
    const submit = async (event) => {
      event.preventDefault();
      fill(says);
      try {
        const folders = folder.value === roots.join(", ") ? [] : [folder.value.trim()];
        this.begun(await post("/scans", { folders, options: { retry: retry.checked, prune: prune.checked } }));
      } catch (error) { fill(says, problem(error)); }
    };
    const watched = (this.jobs || []).some((x) => x.kind === "watch" && ["running", "queued"].includes(x.state));
    const follow = async () => { fill(says); try { await post("/scans", { watch: true }); await this.load(); dispatchEvent(new Event("jobs")); } catch (error) { fill(says, problem(error)); } };
    const watch = known && !watched ? h("div", { class: "row" }, btn("Watch the folders", { icon: "loop", on: follow }), h("span", { class: "cap" }, "Files that come, change and go are noticed by themselves.")) : null;
    fill(this.form, h("h2", {}, "Scan a folder"), h("form", { class: "stack", on: { submit } }, h("div", { class: "row nowrap" }, folder, btn("Scan", { kind: "main", type: "submit" })), h("div", { class: "row" }, h("label", { class: "check" }, retry, h("span", {}, "Try failed files again")), h("label", { class: "check" }, prune, h("span", {}, "Forget files that are gone"))), says), watch);
  }
  begun(job) {
    const none = this.list.querySelector(".empty");
    if (none) none.remove();
    this.list.prepend(this.card(job));
    dispatchEvent(new Event("jobs"));
  }

  card(job) {
    const el = h("article", { class: "card job" });
    this.paintJob(el, job);
    if (["running", "queued"].includes(job.state)) this.watch(el, job);
    return el;
  }
  watch(el, job) {
    this.following.set(job.id, follow(job.id, (news) => {
      const was = job.progress && job.progress.stage, is = news.progress && news.progress.stage;
      job = news;
      this.paintJob(el, news);
      if (news.kind === "watch" && is === "watching" && was !== is) this.ended({ kind: "scan" }); // a scan of it has ended
      if (!["running", "queued"].includes(news.state)) this.ended(news);
    }));
  }
  ended(job) {
    dispatchEvent(new Event("jobs"));
    if (job.kind !== "scan") return;
    renew();
    this.loadFaults();
  }
  paintJob(el, job) {
    const { done = 0, total = 0, stage = "", note = "" } = job.progress || {}, active = ["running", "queued"].includes(job.state), part = total ? done / total : 0;
    const act = (text, name, call) => btn(text, { icon: name, kind: "tiny", on: async () => { try { await call(); this.load(); } catch (error) { say(`${error.message} ${error.remedy}`); } } });
    const path = `/jobs/${job.id}`;
    const buttons = [job.state === "running" ? act("Pause", "pause", () => patch(path, { state: "paused" })) : null, RESUMABLE.includes(job.state) && GOES_ON.includes(job.kind) ? act("Go on", "play", () => patch(path, { state: "queued" })) : null, active ? act("Cancel", "x", () => del(path)) : act("Forget", "x", () => del(path)),
      job.kind === "analysis" && job.state === "succeeded" ? btn("Open", { kind: "tiny", href: `/analysis/${job.id}` }) : null, job.kind === "export" && job.links.result ? h("a", { class: "btn tiny", href: job.links.result, download: "" }, "Download") : null];
    const idle = job.kind === "watch" && !total;
    const progress = active && !idle ? h("div", { class: "prog", role: "progressbar", "aria-label": NAMES[job.kind], "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(part * 100), vars: { "--p": part } }) : null;
    fill(el, h("div", { class: "cardhead" }, h("h3", {}, NAMES[job.kind] || job.kind, " ", h("span", { class: `pill ${LOOKS[job.state] || ""}` }, job.state)), h("span", { class: "cap num" }, when(job.created_at))), h("p", { class: "what" }, what(job)), progress, active ? h("p", { class: "cap num" }, [stage, total ? `${Math.round(part * 100)} %` : "", note].filter(Boolean).join(" · ")) : null, job.error ? h("p", { class: "bad" }, `${job.error.source}: ${job.error.problem}. `, h("b", {}, job.error.remedy)) : null, result(job), h("div", { class: "row" }, buttons));
  }

  async loadFaults() {
    const [failures, warnings] = await Promise.all(["/failures", "/warnings"].map((x) => get(x).catch(() => ({ items: [] }))));
    const causes = new Map();
    for (const x of failures.items) causes.set(x.problem, [...(causes.get(x.problem) || []), x]);
    const again = async () => { try { this.begun(await post("/scans", { options: { retry: true } })); } catch (error) { say(`${error.message} ${error.remedy}`); } };
    fill(this.faults, h("section", { class: "stack", "aria-label": "Failures" }, h("div", { class: "cardhead" }, h("h2", {}, failures.items.length ? `${many(failures.items.length, "file")} failed` : "No file has failed"), failures.items.length ? btn("Try all again", { icon: "loop", kind: "tiny", on: again }) : null), [...causes].map(([cause, files]) => failure(cause, files))),
      h("section", { class: "stack", "aria-label": "Warnings" }, h("h2", {}, warnings.items.length ? `${many(warnings.items.length, "file")} heard with warnings` : "No warnings"), warnings.items.map(warning)));
  }
}

function what(job) {
  if (job.kind === "scan") return job.spec.folders.map((x) => h("code", {}, x));
  if (job.kind === "watch") return h("span", { class: "dim" }, "all folders of the catalogue, as files come, change and go");
  if (job.kind === "tags") return h("span", { class: "dim" }, ACTS[job.spec.act]);
  if (job.kind === "analysis") return [h("span", { dir: "auto" }, job.spec.name), h("span", { class: "dim" }, ", not kept")];
  if (job.kind === "reanalysis") return h("span", { class: "dim" }, many(job.spec.tracks.length, "track"));
  if (job.kind === "push") return h("span", {}, h("bdi", {}, job.spec.server), h("span", { class: "dim" }, job.spec.dry_run ? ", which of its tracks are there" : ", made there"));
  return job.spec.format || "";
}
function result(job) {
  const r = job.result;
  if (r && job.kind === "tags") return h("p", { class: "cap num" }, h("a", { href: `/write/${r.plan}` }, r.act === "plan" ? `${many(r.files, "file")} would change` : `${many(r.written, "file")} ${r.act === "apply" ? "written" : "as they were"}`), r.refused ? `, ${r.refused} refused` : "");
  if (r && job.kind === "push") return h("p", { class: "cap num" }, `${r.matched} of ${many(r.matched + r.missing, "track")} there`);
  if (!r || !["scan", "reanalysis"].includes(job.kind)) return r && job.kind === "export" ? h("p", { class: "cap" }, many(r.tracks, "track")) : null;
  const parts = [["analysed", "listened to"], ["unchanged", "unchanged"], ["failed", "failed"], ["gone", "gone"]].filter(([name]) => r[name] !== undefined).map(([name, text]) => `${r[name]} ${text}`);
  return h("p", { class: "cap num" }, parts.join(", "));
}
function failure(cause, files) {
  return h("article", { class: "card failure" }, h("div", { class: "cardhead" }, h("h3", {}, cause), h("span", { class: "count bad" }, files.length)), h("p", {}, h("b", {}, "What helps: "), files[0].remedy), h("ul", {}, files.slice(0, 20).map((x) => h("li", {}, h("code", { title: x.path }, fileName(x.path))))), files.length > 20 ? h("p", { class: "cap" }, `and ${files.length - 20} more`) : null);
}
function warning(x) {
  const name = fileName(x.path);
  return h("article", { class: "card warning" }, h("p", {}, x.track_id ? h("a", { href: `/tracks/${x.track_id}`, dir: "auto" }, name) : name), h("p", { class: "cap" }, x.warnings.join("; ")));
}
