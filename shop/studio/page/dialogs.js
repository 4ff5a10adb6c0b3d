// A question in a window of its own: the keyboard stays in it, Escape leaves it, and a failure keeps what was written.

import { el } from "./dom.js";
import { act } from "./states.js";

/** Asks, and does `work` with the field's text; resolves to whether it was done. */
export function question({ title, text, field, answer, danger = false, work }) {
  const told = el("div");
  const input = field && el("textarea", { id: "dialog-field", rows: "4", maxlength: field.most, required: true });
  const go = el(danger ? "button.danger" : "button.primary", { type: "submit" }, answer);
  const leave = el("button", { type: "button", onclick: () => window_.close() }, "Cancel");
  let done = false;
  const form = el("form", { onsubmit: async (event) => {
    event.preventDefault();
    done = await act(go, told, () => work(input?.value.trim()));
    if (done) window_.close();
  } },
  el("h2", { id: "dialog-title" }, title),
  text && el("p", {}, text),
  input && el("label", { for: "dialog-field" }, field.label), input,
  told, el("div.actions", {}, leave, go));
  const window_ = el("dialog", { "aria-labelledby": "dialog-title" }, form);
  document.body.append(window_);
  window_.showModal();
  (input || go).focus();
  return new Promise((settled) => {
    window_.addEventListener("close", () => { window_.remove(); settled(done); });
  });
}
