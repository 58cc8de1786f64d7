// A file that is dropped on the page is sent to be analysed; it is not kept and enters no catalogue.

import { upload } from "./api.js";
import { add, h } from "./dom.js";
import { go } from "./route.js";

export const heard = new Map(); // job -> the file, for as long as the page is open

export async function analyse(file) {
  const job = await upload(file);
  heard.set(job.id, file);
  dispatchEvent(new Event("jobs"));
  go(`/analysis/${job.id}`);
}

export function watchDrops(refused) {
  const cover = h("div", { class: "drop", hidden: true }, "Drop it here: it is analysed, not kept, and enters no catalogue.");
  let depth = 0; // children of the page enter and leave too
  const isFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const count = (n) => { depth = Math.max(0, depth + n); cover.hidden = depth === 0; };
  add(document.body, cover);
  addEventListener("dragenter", (event) => isFile(event) && count(1));
  addEventListener("dragleave", (event) => isFile(event) && count(-1));
  addEventListener("dragover", (event) => isFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    count(-depth);
    const file = event.dataTransfer.files[0];
    if (file) analyse(file).catch(refused);
  });
}
