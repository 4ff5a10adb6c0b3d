// Lists that are longer than one answer: what follows is added when it is asked for.

import { get } from "./api.js";
import { el } from "./dom.js";
import { complaint, load, nothing } from "./states.js";

/** A list of what `path` answers under `key`; `show` makes an element of each, `empty` is said of none. */
export function list({ path, key, query = {}, show, empty, more = following }) {
  const place = el("div.list");
  const read = (where) => get(path, { ...query, ...where });
  const rows = el("ul.cards");
  const extend = (found, shown) => {
    rows.append(...found[key].map((each) => el("li.card", {}, show(each))));
    const next = more(found, shown);
    return next ? behind(next, shown) : [];
  };
  const behind = (next, shown) => {
    const told = el("div");
    const button = el("button", { type: "button", onclick: async () => {
      try {
        const found = await read(next);
        holder.replaceChildren(...[extend(found, shown + found[key].length)].flat());
      } catch (error) {
        told.replaceChildren(complaint(error));
      }
    } }, "Show more");
    const holder = el("div.more", {}, button, told);
    return holder;
  };
  const start = () => load(place, () => read({}), (found) => {
    rows.replaceChildren();
    if (!found[key].length) return nothing(empty);
    return [rows, extend(found, found[key].length)].flat();
  });
  start();
  return { place, start };
}

/** How to ask for what follows: behind a cursor, or from a number on. */
function following(found, shown) {
  if (found.lastEvaluatedKey) return { lastEvaluatedKey: found.lastEvaluatedKey };
  return found.hasMore ? { offset: shown } : null;
}

/** Takes an entry away, and leads the keyboard to what stands in its place. */
export function remove(entry, empty) {
  const item = entry.closest("li");
  const rest = item.parentElement;
  const next = item.nextElementSibling || item.previousElementSibling;
  item.remove();
  if (next) next.querySelector("button, a, input")?.focus();
  else {
    const told = nothing(empty);
    told.tabIndex = -1;
    rest.replaceWith(told);
    told.focus();
  }
}
