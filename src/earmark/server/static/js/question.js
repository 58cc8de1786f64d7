// The search box: words for the catalogue's search, and filters such as genre:jazz, tempo:100-120, year<1970, -tag:piano.
// The text is the whole question; facets and chips only write into it, so that an address holds everything.

const TOKEN = /(-?)([a-z_]+)(:|>=|<=|>|<|=)("[^"]*"?|\S+)|-?"[^"]*"?|\S+/gi;
const RANGE = /^(-?[\d.]+)(?:-|\.\.)(-?[\d.]+)$/;
const OPS = { ":": "eq", "=": "eq", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte" };
const NAMES = { tag: "tags", bpm: "tempo", length: "duration", lufs: "loudness", path: "title" };
const SHOWN = { tags: "tag" };

const unquoted = (text) => text.replace(/^"|"$/g, "");
export const quoted = (text) => (/[\s"]/.test(text) || text === "" ? `"${text.replaceAll('"', "")}"` : text);
/** A filter as it is typed. */
export const written = (field, value, not = false) => `${not ? "-" : ""}${SHOWN[field] || field}:${quoted(String(value))}`;

/** The condition of one filter; null where the value is none for its field. */
function condition(field, op, value, kind) {
  const range = op === ":" && kind === "number" && value.match(RANGE);
  if (range) return { field, op: "between", value: [+range[1], +range[2]] };
  if (kind === "number") return Number.isFinite(+value) && value !== "" ? { field, op: OPS[op], value: +value } : null;
  if (kind === "list") return OPS[op] === "eq" ? { field, op: "has", value } : null;
  if (kind === "flag") return { field, op: "eq", value: value === "true" || value === "yes" };
  return { field, op: OPS[op], value };
}

const UNSURE = "unsure"; // genre:unsure asks for tracks without a value

function filterToken(text, [, minus, name, op, raw], fields) {
  const field = NAMES[name.toLowerCase()] || name.toLowerCase(), value = unquoted(raw), kind = fields[field];
  if (!kind) return null;
  const missing = value === UNSURE && kind === "text";
  const found = missing ? { field, op: "is_null" } : condition(field, op, value, kind);
  if (!found) return { kind: "unknown", text, why: `${field} is ${kind === "number" ? "a number" : "compared with : only"}` };
  return { kind: "filter", text, field, op, value, not: minus === "-", condition: found };
}

function wordToken(text, tags) {
  const bare = unquoted(text.replace(/^-/, "")).toLowerCase();
  if (!text.startsWith("-")) return { kind: "words", text };
  const tag = tags.find((x) => x === bare || x.replaceAll("_", " ") === bare);
  if (!tag) return { kind: "unknown", text, why: "only tags can be left out" };
  return { kind: "filter", text, field: "tags", op: ":", value: tag, not: true, condition: { field: "tags", op: "has", value: tag } };
}

/** What a text asks for: tokens, the words among them, and the filter as JSON (null: none).
 *  fields : field -> kind, of the catalogue; tags : names that may be left out by -name. */
export function understand(text, fields = {}, tags = []) {
  const tokens = [...text.matchAll(TOKEN)].map((m) => (m[2] && filterToken(m[0], m, fields)) || wordToken(m[0], tags));
  const words = tokens.filter((x) => x.kind === "words").map((x) => x.text).join(" ");
  return { tokens, words, filter: filterOf(tokens.filter((x) => x.kind === "filter")) };
}

/** Values of one text field are alternatives; all else must hold together. */
function filterOf(filters) {
  const parts = [], either = new Map();
  for (const { field, op, not, condition: found } of filters) {
    const alternative = !not && found.op !== "has" && (op === ":" || op === "=");
    if (not) parts.push({ not: found });
    else if (alternative) either.set(field, [...(either.get(field) || []), found]);
    else parts.push(found);
  }
  for (const found of either.values()) parts.push(found.length === 1 ? found[0] : { or: found });
  return parts.length === 0 ? null : parts.length === 1 ? parts[0] : { and: parts };
}

/** The text without one of its tokens. */
export const without = (text, token) => understandTokens(text).filter((x, i, all) => x !== token || all.indexOf(token) !== i).join(" ");
const understandTokens = (text) => [...text.matchAll(TOKEN)].map((m) => m[0]);
/** The text with a filter switched on or off. */
export function toggled(text, filter) {
  const tokens = understandTokens(text);
  return (tokens.includes(filter) ? tokens.filter((x) => x !== filter) : [...tokens, filter]).join(" ");
}
/** The text with all filters of a field replaced by one, or by none. */
export function replaced(text, field, filter) {
  const name = SHOWN[field] || field, rest = understandTokens(text).filter((x) => !new RegExp(`^-?${name}(:|[<>]=?|=)`, "i").test(x));
  return [...rest, ...(filter ? [filter] : [])].join(" ");
}

/** How the last token could go on: [{text, hint}]. */
export function completions(text, fields, tags) {
  const last = text.match(/\S*$/)[0].toLowerCase(), before = text.slice(0, text.length - last.length);
  if (last.length < 2) return [];
  const minus = last.startsWith("-") ? "-" : "", bare = last.replace(/^-/, ""), start = bare.replace(/^tag:/, "");
  const asTags = tags.filter((x) => start && x.toLowerCase().startsWith(start)).map((x) => [written("tags", x, Boolean(minus)), "tag, sure"]);
  const asFields = Object.keys(fields).filter((x) => x.startsWith(bare) && x !== "tags").map((x) => [`${minus}${x}:`, fields[x]]);
  return [...asTags, ...asFields].slice(0, 8).map(([end, hint]) => ({ text: before + end, shown: end, hint }));
}
