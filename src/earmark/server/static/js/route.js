// Addresses: /tracks?q=..., /tracks/ID, /similar?seed=ID. Links within the page change the address without loading it anew,
// so that the player goes on.

const listeners = [];
const OWN = /^\/(tracks|similar|map|playlists|write|jobs|settings|analysis)?(\/|\?|$)/;

/** Where the page is: {name, id, query}. */
export function here() {
  const [, name = "", id = ""] = location.pathname.split("/");
  return { name, id: decodeURIComponent(id), query: new URLSearchParams(location.search) };
}
export const onGo = (act) => listeners.push(act);
const tell = () => listeners.forEach((act) => act(here()));

/** Go to an address of the page; `replace`: without a step for Back. */
export function go(address, replace = false) {
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  tell();
}
/** Change the address alone: the page has shown it already. */
export const note = (address) => history.replaceState(null, "", address);

addEventListener("popstate", tell);
addEventListener("click", (event) => {
  const a = event.target.closest && event.target.closest("a[href]");
  if (!a || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || a.download) return;
  const url = new URL(a.href);
  if (url.origin !== location.origin || !OWN.test(url.pathname + url.search)) return;
  event.preventDefault();
  const address = url.pathname + url.search;
  address === location.pathname + location.search ? tell() : go(address); // a link to where one is shows it anew
});
