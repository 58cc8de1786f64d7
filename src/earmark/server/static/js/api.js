// The API of this server, and nothing else: every call of the page goes through here.

export const BASE = "/api/v1";

/** What the API says where it refuses: what is wrong, with what, and what helps. */
export class Problem extends Error {
  constructor(status, { detail, source, remedy, title } = {}) {
    super(detail || title || `HTTP ${status}`);
    Object.assign(this, { status, source: source || "", remedy: remedy || "" });
  }
}

async function problemOf(response) {
  let body = {};
  try {
    body = await response.json();
  } catch { /* not of the API: a proxy's answer */ }
  return new Problem(response.status, body);
}

const AWAY = { title: "the server does not answer", remedy: "See whether earmark serve is still at work, then try again." };

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(BASE + path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, AWAY);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

const JSON_TYPE = { "Content-Type": "application/json" };
const body = (value) => ({ headers: JSON_TYPE, body: JSON.stringify(value) });
const json = async (response) => (response.status === 204 ? null : response.json());

export const get = async (path, signal) => json(await request(path, { signal }));
export const post = async (path, value, signal) => json(await request(path, { method: "POST", signal, ...body(value) }));
export const patch = async (path, value) => json(await request(path, { method: "PATCH", ...body(value) }));
export const del = async (path) => json(await request(path, { method: "DELETE" }));

/** A track with the ETag by which a change can tell whether somebody else has changed it meanwhile. */
export async function getTrack(id, signal) {
  const response = await request(`/tracks/${id}`, { signal });
  return { track: await response.json(), etag: response.headers.get("ETag") };
}

/** Change the corrections of a track; with `etag`, only while it is as it was read. Returns the ETag of what they are now. */
export async function correct(id, values, etag) {
  const headers = etag ? { ...JSON_TYPE, "If-Match": etag } : JSON_TYPE;
  return (await request(`/tracks/${id}/corrections`, { method: "PATCH", headers, body: JSON.stringify(values) })).headers.get("ETag");
}

/** Send a file to be analysed; returns its job. */
export async function upload(file) {
  const query = new URLSearchParams({ name: file.name, curves: "true" });
  const headers = { "Content-Type": "application/octet-stream" };
  return json(await request(`/analyses?${query}`, { method: "POST", headers, body: file }));
}

/** Open a session with a key; the browser then has a cookie. */
export async function enter(key) {
  return json(await request("/session", { method: "POST", headers: { Authorization: `Bearer ${key}` } }));
}

export const audioUrl = (id, anew) => `${BASE}/tracks/${id}/audio${anew ? "?format=flac" : ""}`;

/** Follow a job; returns what stops following it. The browser comes back by itself when the line breaks. */
export function follow(job, tell) {
  const source = new EventSource(`${BASE}/jobs/${job}/events`);
  source.addEventListener("job", (event) => {
    const news = JSON.parse(event.data);
    if (!["queued", "running"].includes(news.state)) source.close();
    tell(news);
  });
  return () => source.close();
}
