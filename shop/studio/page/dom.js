// Elements, made of texts and attributes only: nothing that was stored is ever read as markup.

/** An element by `tag.class.class`, with attributes (`on...` are listeners) and children. */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A table with a caption for the ear; cells are texts or elements, the first of a row is its heading. */
export function table(caption, heads, rows) {
  const head = el("tr", {}, heads.map((text) => el("th", { scope: "col" }, text)));
  const lines = rows.map(([first, ...rest]) =>
    el("tr", {}, el("th", { scope: "row" }, first),
      rest.map((cell, index) => el("td", { "data-head": heads[index + 1] }, cell))));
  const made = el("table", {}, el("caption.quiet-caption", {}, caption), el("thead", {}, head), el("tbody", {}, lines));
  return el("div.table", {}, made);
}

/** A link to what somebody else wrote; only the text where it is no web address. */
export function outside(address, text) {
  if (!/^https?:\/\//i.test(address || "")) return text;
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
}

/** A picture that a work has, or a place for one; it says nothing that does not stand beside it. */
export function picture(address) {
  if (!/^(https?:\/\/|\/)/i.test(address || "")) return el("div.picture.none", { "aria-hidden": "true" });
  const missing = (event) => event.target.replaceWith(el("div.picture.none", { "aria-hidden": "true" }));
  return el("img.picture", { src: address, alt: "", loading: "lazy", referrerpolicy: "no-referrer", onerror: missing });
}

/** Says something to whoever listens, and shows it for a while. */
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { if (place.textContent === text) place.textContent = ""; }, 8000);
}

const WHOLE = new Intl.NumberFormat();
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const number = (value) => WHOLE.format(value ?? 0);
/** A day (`2026-12-01`) as it is written here. */
export const day = (text) => DAY.format(new Date(`${text}T00:00:00Z`));

/** A time (ISO 8601) as an element that machines can read too. */
export function moment(text) {
  const when = new Date(text);
  if (!text || Number.isNaN(when.getTime())) return "";
  return el("time", { datetime: text }, MOMENT.format(when));
}
