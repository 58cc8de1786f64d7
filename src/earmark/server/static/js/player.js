// One <audio> for all pages. Its clock is read once a frame while it plays, so that pictures keep up with the sound.

import { audioUrl } from "./api.js";
import { clamp } from "./dom.js";

const audio = new Audio();
audio.preload = "metadata";
const bus = new EventTarget();
const emit = (type) => bus.dispatchEvent(new Event(type));
const BEFORE_END = 0.02; // seconds
const KNOWN = ["AbortError", "NotSupportedError"]; // the one is no fault, the other comes as "error" too
let frame = 0, wanted = null; // where to begin as soon as the file is there
let asked = false, anew = false; // whether it shall play; whether the server writes it in a form that browsers know

export const player = {
  track: null, // {track_id, title, artist, duration}
  list: [],    // what "next" goes through
  passages: [], // [{start, end, name}] of the track, played one after another
  problem: "",
  get playing() { return !audio.paused; },
  get time() { return wanted ?? audio.currentTime; },
  get duration() { return (this.track && this.track.duration) || 0; },
  get passage() { return this.passages[0] || null; },

  /** Listen to "tick" (every frame), "state" or "track"; returns what ends it. */
  on(type, act) {
    bus.addEventListener(type, act);
    return () => bus.removeEventListener(type, act);
  },
  is(id) { return Boolean(this.track) && this.track.track_id === id; },

  load(track, { play = false, at = 0, list = null, passages = [] } = {}) {
    if (list) this.list = list;
    if (!this.is(track.track_id)) {
      Object.assign(this, { track, problem: "" });
      anew = false;
      audio.src = audioUrl(track.track_id);
      emit("track");
    }
    this.passages = passages;
    this.seek(passages.length ? passages[0].start : at, true);
    if (play) this.play();
  },
  play() {
    asked = Boolean(this.track);
    if (asked) audio.play().catch((error) => { if (!KNOWN.includes(error.name) && !this.problem) failed(error.message); });
  },
  pause() { asked = false; audio.pause(); },
  toggle() { this.playing ? this.pause() : this.play(); },
  /** Go to a second; what is being shown of passages ends, unless `keep`. */
  seek(t, keep = false) {
    if (!keep) this.passages = [];
    wanted = clamp(t, 0, this.duration || t);
    if (audio.readyState > 0) { audio.currentTime = wanted; wanted = null; }
    emit("tick");
    emit("state");
  },
  loop(start, end) { this.passages = [{ start, end, name: "loop", again: true }]; this.seek(start, true); this.play(); },
  skip(n, play = this.playing) {
    const at = this.list.findIndex((x) => this.is(x.track_id)), next = this.list[at + n];
    if (at >= 0 && next) this.load(next, { play });
  },
  set volume(x) { audio.volume = x; },
};

function failed(why) {
  player.problem = why;
  emit("state");
}

function step() {
  const now = player.passage;
  if (now && audio.currentTime >= now.end - BEFORE_END) nextPassage(now);
  emit("tick");
  if (player.playing) frame = requestAnimationFrame(step);
}

function nextPassage(now) {
  if (!now.again) player.passages = player.passages.slice(1);
  if (player.passage) player.seek(player.passage.start, true);
  else player.pause();
}

audio.addEventListener("loadedmetadata", () => {
  if (wanted !== null) { audio.currentTime = wanted; wanted = null; }
});
audio.addEventListener("play", () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(step); emit("state"); });
audio.addEventListener("pause", () => { emit("state"); emit("tick"); });
audio.addEventListener("ended", () => { // the element is paused by then
  const now = player.passage;
  if (!now) return player.skip(1, true);
  nextPassage(now);
  player.passage ? player.play() : emit("state");
});
audio.addEventListener("seeked", () => emit("tick"));
audio.addEventListener("error", () => {
  if (anew || !player.track) return failed("This browser cannot play the file, or it is not there any more.");
  const at = player.time;
  anew = true;
  audio.src = audioUrl(player.track.track_id, true);
  wanted = at;
  if (asked) player.play();
});
