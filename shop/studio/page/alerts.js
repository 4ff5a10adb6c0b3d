// What the channels and the stock ask somebody to look at.

import { post } from "./api.js";
import { el, moment, say } from "./dom.js";
import { list, remove } from "./lists.js";
import { act } from "./states.js";

const EMPTY = "No alert is unread.";

export const alerts = {
  id: "alerts",
  label: "Alerts",
  open(panel) {
    const unread = list({ path: "api/alerts/unread", key: "alerts", show: entry, empty: EMPTY });
    panel.append(el("h2", {}, "Alerts of channels and stock"), unread.place);
  },
};

function entry(alert) {
  const told = el("div");
  const read = el("button", { type: "button", "aria-label": `Mark the alert about ${alert.sku || alert.type} as read` }, "Mark as read");
  read.addEventListener("click", async () => {
    if (!await act(read, told, () => post(`api/alerts/${encodeURIComponent(alert.alertId)}/read`))) return;
    say("Marked as read.");
    remove(read, EMPTY);
  });
  return el("div.body", {},
    el("h3", {}, alert.type.replaceAll("_", " "), " ", el("span.state", { "data-state": severity(alert.severity) }, alert.severity)),
    el("p", {}, alert.message),
    el("p.quiet", {}, alert.sku ? `${alert.sku} · ` : "", moment(alert.timestamp)),
    told, el("div.actions", {}, read));
}

const severity = (level) => ({ critical: "rejected", high: "rejected", medium: "pending" }[level] || "approved");
