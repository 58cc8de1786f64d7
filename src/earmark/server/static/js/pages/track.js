// One track: what it is, when what is heard, why that is said.

import { addToPlaylist } from "../addto.js";
import { BASE, correct, get, getTrack } from "../api.js";
import { catalogue } from "../catalogue.js";
import { $, add, copy, fill, h, say } from "../dom.js";
import { asData, btn, nameOf, playBtn, playable, skeleton } from "../parts.js";
import { hear } from "../hear.js";
import { player } from "../player.js";
import { written } from "../question.js";
import { before } from "../word.js";
import { time } from "../format.js";
import { trackBody } from "./trackbody.js";
import { nearCard } from "./near.js";

export const track = {
  title: () => "Track",
  async show(root, route, leave) {
    const page = h("article", { class: "page track" }, skeleton(9));
    add(root, page);
    const stop = new AbortController();
    leave(() => stop.abort());
    const [known, found] = await Promise.all([catalogue(), getTrack(route.id, stop.signal)]);
    document.title = `${nameOf(found.track)} · earmark`;
    new TrackPage(page, known, leave).paint(found);
  },
};

class TrackPage {
  constructor(page, known, leave) {
    Object.assign(this, { page, known, body: null });
    leave(() => this.body && this.body.destroy());
  }
  paint({ track: found, etag }) {
    this.track = found;
    this.etag = etag;
    if (this.body) this.body.destroy();
    const place = h("div", {}), near = h("section", { class: "card near", "aria-label": "Sounds like" });
    fill(this.page, this.header(), place, asData(`earmark show ${found.track_id} --json`, found.links.self));
    this.body = trackBody(place, found, this.source(), this.known, { correct: (values, text) => this.correct(values, text), hear: (name, passages, text) => hear(found, name, passages, text), play: (t) => this.playAt(t), bit: (a, b) => this.bit(a, b), near });
    nearCard(near, found);
  }
  header() {
    const t = this.track, dot = () => h("span", { "aria-hidden": "true" }, " · ");
    const artist = t.artist ? h("a", { href: `/tracks?q=${encodeURIComponent(written("artist", t.artist))}`, dir: "auto" }, t.artist) : h("span", { class: "dim" }, "unknown artist");
    return h("header", { class: "thead" }, playBtn(t, { big: true }), h("div", { class: "tnames" }, h("h1", { tabindex: -1, dir: "auto" }, nameOf(t)), h("p", {}, artist, t.album ? [dot(), h("span", { dir: "auto" }, t.album)] : null, t.year ? [dot(), h("span", { class: "num" }, t.year)] : null, dot(), h("span", { class: "num" }, time(t.duration)))),
      h("div", { class: "row" }, btn("Similar", { icon: "near", href: `/similar?seed=${t.track_id}`, key: "n" }), btn("Add to playlist", { icon: "plus", on: () => addToPlaylist([t.track_id]) }), btn("Copy JSON", { icon: "copy", on: () => copy(JSON.stringify(t, null, 2)) }), btn("Copy JAMS", { icon: "copy", title: "For research: its annotations in the form of JAMS", on: () => this.copyJams() })));
  }
  async copyJams() {
    try { await copy(JSON.stringify(await get(`/tracks/${this.track.track_id}/jams`), null, 2)); } catch (error) { say(`${error.message} ${error.remedy}`); }
  }
  source() {
    const base = `/tracks/${this.track.track_id}`, points = Math.round(Math.min(20000, Math.max(1000, this.track.duration * 20)));
    return {
      curves: (names) => get(`${base}/curves?tags=${encodeURIComponent(names.join(","))}`),
      waveform: async () => (await get(`${base}/waveform?points=${points}`)).values,
      spectrum: (from, to, width) => picture(`${BASE}${base}/spectrogram?start=${from.toFixed(3)}&end=${to.toFixed(3)}&width=${width}`),
    };
  }
  /** What leads from a bit of the track to what sounds like it. */
  bit(a, b) { return btn("Sounds like this bit", { icon: "near", kind: "main", href: `/similar?seed=${this.track.track_id}@${a.toFixed(1)}-${b.toFixed(1)}` }); }
  playAt(t) {
    if (player.is(this.track.track_id)) player.seek(t);
    else player.load(playable(this.track), { at: t });
  }
  /** Your word on the track, and the way back. */
  async correct(values, text) {
    const former = before(this.track.corrections, values);
    const row = document.activeElement.closest("[data-tag]");
    try {
      await correct(this.track.track_id, values, this.etag);
      this.paint(await getTrack(this.track.track_id));
      const again = row && $(`[data-tag="${CSS.escape(row.dataset.tag)}"] .fix button`, this.page);
      if (again) again.focus({ preventScroll: true }); // the keyboard stays where it was
      say(text, async () => {
        await correct(this.track.track_id, former);
        this.paint(await getTrack(this.track.track_id));
        say("Taken back");
      });
    } catch (error) {
      if (error.status === 412) { this.paint(await getTrack(this.track.track_id)); return say("It was changed elsewhere meanwhile; this is how it is now"); }
      say(`${error.message} ${error.remedy}`);
    }
  }
}

async function picture(address) {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch {
    throw new Error("no picture: its file may be gone");
  }
  return image;
}
