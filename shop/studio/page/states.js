// What stands in a place while something is asked for, when it failed, and when there is nothing.

import { el } from "./dom.js";

/** Why something was not done, with each complaint about what was sent. */
export function complaint(error) {
  const list = error.complaints?.length
    ? el("ul", {}, error.complaints.map((each) => el("li", {}, each)))
    : null;
  return el("div.complaint", { role: "alert" }, el("p", {}, error.message), list);
}

export const nothing = (text) => el("p.nothing", {}, text);

/** Fills a place with what `read` finds; an older reading that comes late changes nothing. */
export async function load(place, read, show) {
  const turn = Symbol("turn");
  place.turn = turn;
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(el("p.loading", {}, "Loading…"));
  try {
    const found = await read();
    if (place.turn === turn) place.replaceChildren(...[show(found)].flat());
  } catch (error) {
    if (place.turn !== turn) return;
    const again = el("button", { type: "button", onclick: () => load(place, read, show) }, "Try again");
    place.replaceChildren(complaint(error), again);
  } finally {
    if (place.turn === turn) place.removeAttribute("aria-busy");
  }
}

/** Does what a button says, once at a time; what fails is told in `place`, and true is what worked. */
export async function act(button, place, work) {
  if (button.getAttribute("aria-disabled") === "true") return false;
  button.setAttribute("aria-disabled", "true");
  place.replaceChildren();
  try {
    await work();
    return true;
  } catch (error) {
    place.replaceChildren(complaint(error));
    return false;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
