// Before anything was scanned: choose a folder, and see tracks as they come.

import { follow, get, post } from "../api.js";
import { catalogue, renew } from "../catalogue.js";
import { add, fill, h } from "../dom.js";
import { many } from "../format.js";
import { btn, head, playBtn, problem, tagMinis, trackLink } from "../parts.js";

const SHOWN = 8; // of the tracks that came last
const EVERY = 1500; // milliseconds between two looks at what has come

export async function firstRun(root, leave, known) {
  const page = h("div", { class: "page firstrun" }), { items } = await get("/jobs").catch(() => ({ items: [] }));
  add(root, page);
  const active = items.find((x) => x.kind === "scan" && ["running", "queued"].includes(x.state));
  active ? listening(page, active, leave) : choosing(page, known, leave);
}

function choosing(page, known, leave) {
  const roots = known ? known.roots : [], folder = h("input", { type: "text", required: true, placeholder: "/home/you/Music", value: roots[0] || "", spellcheck: "false", list: "roots", "aria-label": "Folder on the machine of the server" }), says = h("div", {});
  const submit = async (event) => {
    event.preventDefault();
    try {
      const job = await post("/scans", { folders: [folder.value.trim()] });
      dispatchEvent(new Event("jobs"));
      listening(page, job, leave);
    } catch (error) { fill(says, problem(error)); }
  };
  const ways = [["Listen", "Each track once: tags, tempo, key, loudness, sections."], ["Find", "By words, by sound, by a few seconds of a song."], ["Keep", "Playlists as files; your files are never changed."]];
  fill(page, head("Where is your music?", "A folder on the machine where earmark serve is at work. Files are read, never changed; nothing leaves the machine."), h("form", { class: "row nowrap", on: { submit } }, folder, h("datalist", { id: "roots" }, roots.map((x) => h("option", { value: x }))), btn("Scan", { kind: "main", type: "submit" })),
    roots.length > 1 ? h("div", { class: "row" }, h("span", { class: "cap" }, "Known folders"), roots.map((x) => btn(x, { kind: "tiny", on: () => { folder.value = x; } }))) : null, says, h("ol", { class: "ways" }, ways.map(([name, text]) => h("li", {}, h("b", {}, name), h("span", {}, text)))));
}

/** A scan goes on: what has come can be heard at once. */
function listening(page, job, leave) {
  const list = h("ul", { class: "arriving" }), text = h("p", { class: "num cap", role: "status" }), prog = h("div", { class: "prog", role: "progressbar", "aria-label": "Listening", "aria-valuemin": 0, "aria-valuemax": 100, vars: { "--p": 0 } });
  const title = head("Listening", "All that has arrived can be used. Closing the page does not stop it.", btn("All tracks", { href: "/tracks", kind: "main" }), btn("Jobs", { href: "/jobs" }));
  const look = async () => {
    const { items } = await get(`/tracks?sort=-analysed_at&limit=${SHOWN}`).catch(() => ({ items: [] }));
    fill(list, items.map((x) => h("li", { data: { row: x.track_id } }, playBtn(x, { list: () => items }), trackLink(x), tagMinis(x, 2))));
  };
  const timer = setInterval(look, EVERY);
  const ended = async (news) => {
    clearInterval(timer);
    renew();
    dispatchEvent(new Event("jobs"));
    await look();
    const known = await catalogue().catch(() => null);
    text.textContent = `${news.state}: ${known ? many(known.tracks, "track") : "nothing was heard"}`;
    if (news.error) add(page, problem({ message: news.error.problem, source: news.error.source, remedy: news.error.remedy }));
  };
  fill(page, title, text, prog, list);
  leave(() => clearInterval(timer));
  leave(follow(job.id, (news) => {
    const { done = 0, total = 0, stage = "" } = news.progress || {};
    prog.style.setProperty("--p", news.state === "succeeded" ? 1 : total ? done / total : 0);
    text.textContent = stage || news.state;
    if (!["queued", "running"].includes(news.state)) ended(news);
  }));
}
