// The tags of a track by group, each with its bar and threshold; a click plays it, and your word on it can be said.

import { h } from "../dom.js";
import { share } from "../format.js";
import { mark, shape } from "../icons.js";
import { bar, btn } from "../parts.js";
import { flatTags, groupNumber, groupOf, label, tagOf } from "../tags.js";
import { saidOf } from "../word.js";

const NUMBERS = "scale"; // a group of values, of which nothing can be said
const SHOWN = 3; // of a group, at least

/** facts: name -> {threshold, definition}; listen(name); correct(values, text), null where nothing can be corrected. */
export function tagsCard(track, facts, listen, correct) {
  const legend = h("span", { class: "cap legend" }, mark(true), "sure", mark(false), "unsure", h("i", { class: "th" }), "threshold");
  const groups = Object.entries(track.tags || {}).filter(([name, tags]) => name !== "content" && tags.length), tools = { track, facts, listen, correct };
  return h("section", { class: "card tagscard" }, h("div", { class: "cardhead" }, h("h2", {}, "Tags"), legend), groups.length ? h("div", { class: "groups" }, groups.map(([name, tags]) => group(name, tags, tools))) : h("p", { class: "dim" }, "Too short or too quiet for any tag."), correct && groups.length ? adder(track, facts, correct) : null);
}

function group(name, tags, tools) {
  const sure = tags.filter((x) => x.sure), told = (x) => saidOf(tools.track, `${name}/${x.tag}`) !== undefined;
  const first = tags.filter((x, i) => i < Math.max(sure.length, SHOWN) || told(x)), rest = tags.filter((x) => !first.includes(x)), row = (x) => tagRow(name, x, tools);
  const more = rest.length ? h("details", { class: "rest" }, h("summary", { class: "cap" }, `${rest.length} more`), h("ul", {}, rest.map(row))) : null;
  return h("section", { class: `group g${groupNumber(name)}` }, h("h3", {}, shape(name), h("span", {}, name), sure.length ? null : h("span", { class: "pill is-unsure" }, "unsure")), h("ul", {}, first.map(row)), more);
}

function tagRow(groupName, { tag, probability, sure }, { track, facts, listen, correct }) {
  const name = `${groupName}/${tag}`, { threshold = 0, definition = "" } = facts[name] || {}, said = saidOf(track, name);
  const value = said ? h("span", { class: "num yours", title: `${said}, by your word; the model: ${share(probability)}` }, said) : h("span", { class: "num" }, share(probability));
  return h("li", { class: `tagrow ${sure ? "" : "is-unsure"} ${said ? "ear" : ""} ${said === "no" ? "is-no" : ""}`, data: { tag: name } }, mark(sure), h("button", { type: "button", class: "name", title: [definition, "Play where it is strongest"].filter(Boolean).join(". "), on: { click: () => listen(name) } }, label(tag)), bar(probability, { group: groupName, sure, threshold: groupName === NUMBERS ? 0 : threshold }), value,
    correct && groupName !== NUMBERS && facts[name] ? wordButtons(name, said, correct) : null);
}

/** Yes, no, or back to what the model says. */
export function wordButtons(name, said, correct) {
  const text = label(tagOf(name)), say = (word, told) => () => correct({ tags: { [name]: word } }, told), button = (what, icon, on) => btn(what, { icon, only: true, kind: "quiet tiny", on });
  return h("span", { class: "fix" }, said ? button(`Leave ${text} to the model`, "undo", say(null, `${text}: as the model says`)) : [button(`Yes, ${text}`, "check", say(true, `Your word: ${text}`)), button(`No, not ${text}`, "x", say(false, `Your word: not ${text}`))]);
}

/** A tag that the model is not sure of, by its name. */
function adder(track, facts, correct) {
  const names = flatTags(track).filter((x) => !x.sure && x.group !== NUMBERS && x.group !== "content" && facts[x.name]).map((x) => x.name), byText = new Map(names.map((x) => [label(tagOf(x)), x]));
  const input = h("input", { type: "text", list: "tagnames", required: true, placeholder: "Add a tag", "aria-label": "Add a tag", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    const name = byText.get(input.value.trim().toLowerCase());
    input.setCustomValidity(name ? "" : "Choose one of the model's tags. Tags of your own are taught: earmark teach");
    name ? correct({ tags: { [name]: true } }, `Your word: ${label(tagOf(name))}`) : input.reportValidity();
  };
  input.addEventListener("input", () => input.setCustomValidity(""));
  return h("form", { class: "row nowrap addtag", on: { submit } }, input, h("datalist", { id: "tagnames" }, [...byText].map(([text, name]) => h("option", { value: text }, groupOf(name)))), btn("Add", { type: "submit" }));
}
