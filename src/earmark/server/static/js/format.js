// How numbers are written.

export function time(seconds, tenths = false) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  const n = Math.max(0, tenths ? Math.round(seconds * 10) / 10 : Math.floor(seconds));
  const hours = Math.floor(n / 3600), minutes = Math.floor(n / 60) % 60, rest = n % 60;
  const two = (x) => String(x).padStart(2, "0");
  return (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + (tenths ? rest.toFixed(1).padStart(4, "0") : two(Math.floor(rest)));
}
/** A probability as .42; 1.00 only where it rounds to it. */
export const share = (p) => (p === null || p === undefined ? "–" : p >= 0.995 ? "1.00" : p.toFixed(2).replace(/^0/, ""));
export const signed = (x, digits = 1) => (x > 0 ? "+" : x < 0 ? "−" : "") + Math.abs(x).toFixed(digits);
export const minus = (x, digits = 1) => x.toFixed(digits).replace("-", "−");
export const many = (n, one, more = `${one}s`) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;
export const hours = (h) => (h < 1 ? `${Math.round(h * 60)} min` : `${h < 100 ? h.toFixed(1) : Math.round(h)} h`);
export const when = (seconds) => new Date(seconds * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
export const sharps = (key) => (key || "").replaceAll("#", "♯");
export const fileName = (path) => String(path).split(/[/\\]/).pop();
export const lineChartTop = (values) => Math.max(0.2, ...values);
