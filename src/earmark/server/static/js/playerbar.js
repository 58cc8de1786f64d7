// The player at the bottom: buttons, position, and what is being played of a track.

import { add, fill, h, sr } from "./dom.js";
import { time } from "./format.js";
import { icon } from "./icons.js";
import { btn } from "./parts.js";
import { player } from "./player.js";

export function mountPlayer(root) {
  const seek = h("input", { type: "range", min: 0, max: 1, step: 0.1, value: 0, "aria-label": "Position", class: "seek", on: { input: () => player.seek(+seek.value) } });
  const play = h("button", { type: "button", class: "round play", on: { click: () => player.toggle() } });
  const title = h("div", { class: "pl-title" }), clock = h("span", { class: "num clock" }), says = h("div", { class: "pl-says" });
  const volume = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "Volume", vars: { "--v": 1 }, on: { input: () => { player.volume = +volume.value; volume.style.setProperty("--v", volume.value); } } });
  add(root, h("div", { class: "pl-ctl" }, btn("Last track", { icon: "prev", only: true, kind: "quiet", on: () => player.skip(-1) }), play, btn("Next track", { icon: "next", only: true, kind: "quiet", on: () => player.skip(1) })),
    title, h("div", { class: "pl-seek" }, seek), clock, says, h("label", { class: "pl-vol" }, icon("vol"), sr("Volume"), volume));
  player.on("tick", () => showTime(seek, clock));
  player.on("state", () => showState(root, play, says));
  player.on("track", () => showTrack(title));
  showTrack(title);
  showState(root, play, says);
  showTime(seek, clock);
}

function showTime(seek, clock) {
  const now = player.time, all = player.duration;
  seek.max = all || 1;
  seek.value = now;
  seek.style.setProperty("--v", all ? now / all : 0);
  seek.setAttribute("aria-valuetext", `${time(now)} of ${time(all)}`);
  const text = `${time(now)} / ${time(all)}`;
  if (clock.textContent !== text) clock.textContent = text;
}

function showState(root, play, says) {
  const word = player.playing ? "Pause" : "Play", passage = player.passage;
  if (play.getAttribute("aria-label") !== word) { play.setAttribute("aria-label", word); fill(play, icon(player.playing ? "pause" : "play", 18)); }
  root.classList.toggle("is-empty", !player.track);
  says.textContent = player.problem || (passage ? `${passage.name} ${time(passage.start)}–${time(passage.end)}${player.passages.length > 1 ? `, ${player.passages.length - 1} more` : ""}` : "");
}

function showTrack(title) {
  const track = player.track;
  fill(title, track ? [h("a", { href: `/tracks/${track.track_id}`, dir: "auto" }, track.title), h("span", { dir: "auto" }, track.artist || "")] : h("span", {}, "Nothing chosen. Space plays the row you are on."));
  if (track && "mediaSession" in navigator) navigator.mediaSession.metadata = new MediaMetadata({ title: track.title, artist: track.artist || "" });
}
