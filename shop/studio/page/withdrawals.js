// Withdrawals whose money is neither back nor refused: what came back, what is refused, what is paid back.

import { ask, post } from "./api.js";
import { question } from "./dialogs.js";
import { el, moment, say } from "./dom.js";
import { list, remove } from "./lists.js";
import { act } from "./states.js";

const EMPTY = "No withdrawal is open.";

export const withdrawals = {
  id: "withdrawals",
  label: "Withdrawals",
  open(panel) {
    const open = list({ path: "api/admin/withdrawals", key: "withdrawals", query: { status: "open" },
      show: (withdrawal) => entry(withdrawal, () => open.start()), empty: EMPTY });
    panel.append(el("h2", {}, "Withdrawals that are open"), open.place);
  },
};

function entry(withdrawal, again) {
  const { order_number: order, number } = withdrawal;
  const named = (what) => `${what} ${order}, withdrawal ${number}`;
  const told = el("div");
  const state = el("span.state", { "data-state": "pending" });
  const received = el("button", { type: "button", "aria-label": named("Received") }, "Received");
  const refund = el("button.primary", { type: "button", "aria-label": named("Refund") }, "Refund…");
  const refuse = el("button", { type: "button", "aria-label": named("Refuse") }, "Refuse…");
  const body = el("div.body", {},
    el("h3", {}, order, " ", state),
    el("p.quiet", {}, "stated ", moment(withdrawal.requested_at), " · money due by ", moment(withdrawal.refund_due_at)),
    el("p.long", {}, withdrawal.statement),
    told, el("div.actions", {}, refund, received, refuse));
  const draw = () => {
    state.textContent = withdrawal.refund === null ? withdrawal.status : "being refunded";
    received.hidden = withdrawal.status === "received";
    refuse.hidden = withdrawal.refund !== null;
  };
  // Decided is what was seen: of one that was changed meanwhile the shop says so, and nothing is done.
  const decide = async (said) => Object.assign(withdrawal, await ask("PATCH",
    `api/admin/orders/${withdrawal.order_id}/withdrawals/${number}`, { ...said, updated_at: withdrawal.updated_at }));
  const pay = (said = {}) => post(`api/admin/orders/${withdrawal.order_id}/refund`, { withdrawal: number, ...said });
  const done = (text) => { say(text); remove(body, EMPTY); };
  received.addEventListener("click", async () => {
    if (!await act(received, told, () => decide({ status: "received" }))) {
      told.append(el("button", { type: "button", onclick: again }, "Look at the list again"));
      return;
    }
    draw();
    say(`The goods of ${order} have come back.`);
    refund.focus();
  });
  refund.addEventListener("click", async () => {
    const was = await question({ title: `Refund what was withdrawn from ${order}?`, answer: "Refund",
      text: "The money of these pieces goes back by the means by which it was paid. Those that had not left yet are put on sale again.",
      work: () => pay() });
    if (was) done(`The withdrawal from ${order} is refunded.`);
  });
  refuse.addEventListener("click", async () => {
    const was = await question({ title: `Refuse the withdrawal from ${order}?`, danger: true, answer: "Refuse",
      text: "The buyer reads the reason, by mail and on the page of the order. It cannot be taken back.",
      field: { label: "Reason", most: 500 }, work: (reason) => decide({ status: "refused", reason }) });
    if (was) done(`The withdrawal from ${order} is refused.`);
  });
  draw();
  return body;
}
