// What is known of the catalogue as a whole, asked once and again after a scan.

import { get, Problem } from "./api.js";
import { fullName } from "./tags.js";

let asked = null;

/** {tracks, hours, model, roots, fields, groups, tags, thresholds}; tags: names without their group. */
export function catalogue() {
  asked ||= ask().catch((error) => { asked = null; throw error; });
  return asked;
}
/** Forget it: something was scanned. */
export function renew() { asked = null; }

async function ask() {
  const [overview, { groups }] = await Promise.all([get("/catalogue"), get("/tags")]);
  const all = groups.flatMap(({ group, tags }) => tags.map((x) => ({ name: fullName(group, x.tag), ...x })));
  const facts = Object.fromEntries(all.map((x) => [x.name, x]));
  return { ...overview, groups, tags: [...new Set(all.map((x) => x.tag))], facts };
}

/** Whether an error says that there is no catalogue yet. */
export const isMissing = (error) => error instanceof Problem && [404, 409, 500, 503].includes(error.status) && /no catalogue|does not exist|not found/i.test(error.message + error.remedy);
