// Works that wait for a decision.

import { put } from "./api.js";
import { question } from "./dialogs.js";
import { el, moment, outside, picture, say } from "./dom.js";
import { list, remove } from "./lists.js";
import { act } from "./states.js";

const BASE = "api/admin/products";
const EMPTY = "Nothing waits for you.";

export const queue = {
  id: "queue",
  label: "To approve",
  open(panel) {
    const waiting = list({ path: `${BASE}/pending`, key: "products", show: (work) => entry(work, () => waiting.start()), empty: EMPTY });
    panel.append(el("h2", {}, "Works that wait for approval"), waiting.place);
  },
};

function entry(work, again) {
  const told = el("div");
  // Decided is what was seen: of a work that was changed meanwhile the shop says so, and nothing is done.
  const decide = (verdict, said = {}) =>
    put(`${BASE}/${encodeURIComponent(work.id)}/${verdict}`, { ...said, updatedAt: work.updatedAt });
  const approve = el("button.primary", { type: "button", "aria-label": `Approve ${work.title}` }, "Approve");
  const reject = el("button", { type: "button", "aria-label": `Reject ${work.title}` }, "Reject…");
  const body = el("div.body", {},
    el("h3", {}, work.title), about(work), el("p.long", {}, work.description),
    work.amazonLink && el("p.quiet", {}, outside(work.amazonLink, "Where it is sold")),
    told, el("div.actions", {}, approve, reject));
  const done = (text) => { say(text); remove(body, EMPTY); };
  approve.addEventListener("click", async () => {
    if (await act(approve, told, () => decide("approve"))) done(`${work.title} is approved.`);
    else told.append(el("button", { type: "button", onclick: again }, "Look at the list again"));
  });
  reject.addEventListener("click", async () => {
    const was = await question({
      title: `Reject ${work.title}?`, text: "Its creator reads the reason, and may send the work again.",
      field: { label: "Reason", most: 500 }, answer: "Reject", danger: true,
      work: (reason) => decide("reject", { reason }),
    });
    if (was) done(`${work.title} is rejected.`);
  });
  return [picture(work.imageUrl), body];
}

function about(work) {
  const parts = [work.creatorName, work.category, work.price, (work.tags || []).join(", ")].filter(Boolean);
  return el("p.quiet", {}, parts.join(" · "), parts.length ? " · " : "", moment(work.createdAt));
}
