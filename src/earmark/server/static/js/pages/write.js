// Tags into files: a plan is made, looked at file by file, done, and undone. No file changes before Write is pressed.

import { del, follow, get, post } from "../api.js";
import { catalogue, isMissing } from "../catalogue.js";
import { chosen } from "../chosen.js";
import { $, add, fill, h, say } from "../dom.js";
import { fileName, many } from "../format.js";
import { asData, btn, dialog, empty, head, problem, skeleton } from "../parts.js";
import { go } from "../route.js";
import { firstRun } from "./firstrun.js";
import { WriteForm, fieldName } from "./writeform.js";

const PAGE = 50; // files shown at once
const HINT = "This is a plan: no file changes until you press Write, and every run can be undone.";
const STAGES = { "reading tags": "Reading the tags of the files", "writing tags": "Writing", waiting: "Waiting" };

export const write = {
  title: () => "Write tags",
  async show(root, route, leave) {
    const known = await catalogue().catch((error) => { if (isMissing(error)) return null; throw error; });
    if (!known || !known.tracks) return firstRun(root, leave, known);
    const [choices, plan] = await Promise.all([get("/tag-profiles"), route.id ? get(`/tag-plans/${route.id}?limit=${PAGE}`) : null]);
    const page = new WritePage(root, route, choices, known, plan, leave);
    if (!plan) await page.listPlans();
  },
};

/** What a plan was asked with, as the form has it. */
function askedOf(plan, route) {
  const of = route.query.get("of") === "chosen" && chosen.size ? "chosen" : undefined;
  if (!plan) return { text: route.query.get("q") || "", of };
  const { tracks, ...rest } = plan.asked;
  return { profile: plan.profile, mode: plan.mode, text: route.query.get("q") || "", of: tracks && chosen.size ? "chosen" : undefined, ...rest };
}

class WritePage {
  constructor(root, route, choices, known, plan, leave) {
    Object.assign(this, { choices, plan, off: new Set(), rows: "files", stop: () => null });
    this.out = h("section", { class: "stack", "aria-label": "What would change" });
    this.says = h("div", {});
    this.foot = h("div", { class: "applybar" });
    leave(() => this.stop());
    const form = new WriteForm(choices, known, askedOf(plan, route), (asked) => this.make(asked));
    add(root, h("div", { class: "page write" }, head("Write tags", HINT), h("div", { class: `plsplit writesplit ${plan ? "" : "is-new"}` }, form.el, h("div", { class: "mainside stack" }, this.says, this.out, this.foot)), asData(plan ? `earmark tags undo ${plan.id}` : "earmark tags plan --profile navidrome", `/api/v1/tag-plans${plan ? `/${plan.id}` : ""}`)));
    if (plan) this.paintPlan();
  }

  // -- jobs -----------------------------------------------------------------------------------------------------

  async make({ text, body }) {
    fill(this.says);
    try {
      const ended = await this.watch(await post("/tag-plans", body), "Plan");
      if (ended.state === "succeeded") go(`/write/${ended.result.plan}${text ? `?q=${encodeURIComponent(text)}` : ""}`);
    } catch (error) { fill(this.says, problem(error)); }
  }
  /** Show how far a job is, until it is over; its failure is shown too. */
  watch(job, name) {
    const shown = h("div", { class: "card stack tight", role: "status" });
    fill(this.says, shown);
    dispatchEvent(new Event("jobs"));
    return new Promise((resolve) => {
      this.stop = follow(job.id, (news) => {
        const over = !["queued", "running"].includes(news.state);
        over ? fill(this.says) : fill(shown, this.progress(name, news));
        if (!over) return;
        dispatchEvent(new Event("jobs"));
        if (news.error) fill(this.says, problem({ message: news.error.problem, ...news.error }));
        resolve(news);
      });
    });
  }
  progress(name, { id, progress }) {
    const { stage = "", done = 0, total = 0, note = "" } = progress || {}, part = total ? done / total : 0;
    return [h("div", { class: "cardhead" }, h("b", {}, STAGES[stage] || name), btn("Stop", { icon: "x", kind: "tiny", on: () => del(`/jobs/${id}`).catch((error) => say(error.message)) })),
      h("div", { class: "prog", role: "progressbar", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(part * 100), vars: { "--p": part } }), h("p", { class: "cap num" }, total ? `${done.toLocaleString("en-GB")} of ${many(total, "file")}` : note || "begins")];
  }
  async apply(keepTimes) { await this.done("apply", { skip: [...this.off], keep_times: keepTimes }); }
  async undo() { await this.done("undo", undefined); }
  async done(act, body) {
    try {
      const ended = await this.watch(await post(`/tag-plans/${this.plan.id}:${act}`, body), act === "apply" ? "Writing" : "Undoing");
      const { written } = await get(`/tag-plans/${this.plan.id}?limit=1`);
      this.plan.written = written;
      if (ended.state === "succeeded") await this.report(ended, act);
      else if (!ended.error) fill(this.says, h("p", { class: "card", role: "status" }, `Stopped: ${many(written, "file")} of this plan are written, each of them whole. Write again to go on, or undo.`));
    } catch (error) { fill(this.says, problem(error)); }
    this.paintFoot();
  }
  async report({ result, links }, act) {
    const told = act === "apply" ? `${many(result.written, "file")} written${result.already ? `, ${result.already} before` : ""}. The sound in them is the same, bit for bit.` : `${many(result.written, "file")} as they were, byte by byte.`;
    const { refused } = result.refused ? await get(links.result.replace("/api/v1", "")) : { refused: [] };
    const scan = btn("Scan now", { icon: "loop", kind: "tiny", on: async () => { try { await post("/scans", {}); dispatchEvent(new Event("jobs")); go("/jobs"); } catch (error) { fill(this.says, problem(error)); } } });
    fill(this.says, h("div", { class: "card stack tight", role: "status" }, h("p", {}, h("b", {}, told)), refused.length ? [h("p", {}, refused.length === 1 ? "1 file left as it is:" : `${refused.length} files left as they are:`), refusedList(refused)] : null, h("p", { class: "cap row" }, "The catalogue learns of the new tags with the next scan.", scan)));
  }

  // -- painting -------------------------------------------------------------------------------------------------

  async listPlans() {
    const { items } = await get("/tag-plans");
    const forget = (x) => async () => { try { await del(`/tag-plans/${x.id}`); this.listPlans(); } catch (error) { fill(this.says, problem(error)); } };
    const card = (x) => h("li", { class: "card" }, h("div", { class: "cardhead" }, h("h3", {}, h("a", { href: `/write/${x.id}` }, `${x.profile}, ${many(x.files, "file")}`)), x.written ? h("span", { class: "pill good" }, `${x.written} written`) : null), h("p", { class: "cap num" }, `${new Date(x.made).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })}, ${x.mode}, ${x.refused} refused`), btn(`Forget the plan of ${x.made}`, { icon: "x", only: true, kind: "quiet tiny", on: forget(x) }));
    fill(this.out, items.length ? [h("h2", {}, "Earlier plans"), h("ul", { class: "listgrid" }, items.map(card))] : empty("No plan yet", "Choose tracks and a program, then look at every value before it is written."));
  }
  paintPlan() {
    const { files, same, refused } = this.plan, press = (rows) => () => this.turn(rows);
    this.table = h("div", { class: "difftbls" });
    const views = [["files", `Changes ${files.toLocaleString("en-GB")}`], ["refused", `Refused ${refused.toLocaleString("en-GB")}`]];
    const seg = h("div", { class: "seg", role: "group", "aria-label": "Show" }, views.map(([rows, text]) => btn(text, { pressed: this.rows === rows, on: press(rows) })));
    fill(this.out, h("div", { class: "cardhead" }, h("p", { role: "status" }, h("b", {}, many(files, "file")), ` would change, ${same} ${same === 1 ? "has" : "have"} all of it`), seg), this.table);
    this.paintRows(this.plan.items);
    this.paintMore();
    this.paintFoot();
  }
  async turn(rows) {
    this.rows = rows;
    fill(this.table, skeleton(4));
    try {
      const found = await get(`/tag-plans/${this.plan.id}?rows=${rows}&limit=${PAGE}`);
      Object.assign(this.plan, { items: found.items, next: found.next });
      this.paintPlan();
      $(`[aria-label="Show"] [aria-pressed="true"]`, this.out).focus();
    } catch (error) { fill(this.table, problem(error)); }
  }
  paintRows(items) {
    if (!items.length && !this.table.childElementCount) return add(this.table, this.noRows());
    if (this.rows === "refused") return add(this.table, refusedList(items));
    const fields = ["Tag", "In the file", "Would be"].map((x) => h("th", { scope: "col" }, x));
    const body = $("table", this.table) || h("table", { class: "tbl difftbl", "aria-label": "Old and new values, file by file" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "sr" }, "Write")), fields)));
    add(this.table, add(body, items.map((x) => this.file(x))));
  }
  noRows() {
    if (this.rows === "refused") return empty("No file is refused", "All of them can be written.");
    if (this.plan.refused && !this.plan.same) return empty("No file can be written", "Every one of them is refused.", btn("See why", { on: () => this.turn("refused") }));
    return empty("Nothing would change", "The files have all of it, or nothing is sure enough. Choose other fields, or another mode.");
  }
  file({ path, track_id, changes }) {
    const name = fileName(path), part = h("tbody", { class: this.off.has(path) ? "is-off" : "" });
    const tick = (event) => { event.target.checked ? this.off.delete(path) : this.off.add(path); part.classList.toggle("is-off", !event.target.checked); this.paintFoot(); };
    const top = h("tr", { class: "grp", data: { row: track_id } }, h("td", {}, h("input", { type: "checkbox", checked: !this.off.has(path), "aria-label": `Write into ${name}`, on: { change: tick } })), h("th", { colspan: 3, scope: "rowgroup" }, h("a", { href: `/tracks/${track_id}`, class: "ttl", dir: "auto" }, name), h("span", { class: "cap folder" }, path.slice(0, -name.length))));
    return add(part, top, changes.map(line));
  }
  paintMore() {
    if (!this.plan.next) return;
    const more = btn("Show more", { icon: "down", on: async () => {
      try {
        const found = await get(`/tag-plans/${this.plan.id}?rows=${this.rows}&limit=${PAGE}&cursor=${this.plan.next}`);
        this.plan.next = found.next;
        more.remove();
        this.paintRows(found.items);
        this.paintMore();
      } catch (error) { fill(this.says, problem(error)); }
    } });
    add(this.out, more);
  }
  paintFoot() {
    const { files, written } = this.plan, n = files - this.off.size, { writes } = this.choices;
    const closed = writes ? null : h("p", { class: "cap" }, "This server shows plans only. To write, start it with ", h("code", {}, "earmark serve --write-files"), ".");
    fill(this.foot, files || written ? [h("div", {}, h("b", {}, written ? `${many(written, "file")} written` : `${many(n, "file")} to write`), closed || h("p", { class: "cap" }, "Each file is copied, the copy written, its sound compared, then put in its place.")),
      h("div", { class: "row" }, written ? btn("Undo", { icon: "undo", kind: "danger", disabled: !writes, on: () => this.undo() }) : null, written < n ? btn(`Write into ${many(n, "file")}`, { icon: "check", kind: "main", disabled: !writes || !n, on: () => this.confirm(n) }) : null)] : null);
  }
  confirm(n) {
    const times = h("input", { type: "checkbox" }), names = Object.entries(this.plan.values).filter(([name]) => !name.startsWith("own_")).map(([name, k]) => `${fieldName(name)} ${k}`).join(", ");
    const box = dialog(`Write tags into ${many(n, "file")}?`, names ? h("p", {}, names, ".") : null, h("p", {}, "What was there is kept in a journal beside the catalogue; Undo brings back every byte."), h("label", { class: "check" }, times, h("span", {}, "Leave the files' times of change")),
      h("div", { class: "row end" }, btn("Not now", { on: () => box.close() }), btn("Write", { icon: "check", kind: "main", on: () => { box.close(); this.apply(times.checked); } })));
  }
}

const LONG = 64; // letters of what wrote the tags, which nobody reads to the end
const values = (list, tag, isLong = false) => (list.length ? list.map((x, i) => [i ? h("span", { class: "dim" }, "; ") : null, h(tag, { dir: "auto", title: isLong ? x : null }, isLong && x.length > LONG ? `${x.slice(0, LONG)}…` : x)]) : h("span", { class: "dim" }, "none"));
/** A tag of a file, its values now and those to come; what stays of several values is not marked. */
function line({ field, name, old, new: wanted }) {
  const gone = old.filter((x) => !wanted.includes(x)), kept = wanted.filter((x) => old.includes(x)), fresh = wanted.filter((x) => !old.includes(x));
  const isLong = field === "own_version";
  const now = [gone.length ? values(gone, "del", isLong) : null, gone.length && kept.length ? h("span", { class: "dim" }, "; ") : null, kept.length ? values(kept, "span") : null];
  return h("tr", {}, h("td", {}), h("td", { class: "fld" }, h("code", { title: fieldName(field) }, name.split(":").pop())), h("td", { class: "old" }, old.length ? now : values([], "span")), h("td", { class: "new" }, kept.length ? [values(kept, "span"), fresh.length ? h("span", { class: "dim" }, "; ") : null] : null, fresh.length ? values(fresh, "ins", isLong) : kept.length ? null : h("span", { class: "dim" }, "removed")));
}
function refusedList(items) {
  return h("ul", { class: "refused" }, items.map((x) => h("li", {}, h("code", { dir: "auto" }, x.path), h("p", {}, `${x.problem}. `, h("b", {}, x.remedy)))));
}
