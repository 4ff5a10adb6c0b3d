// The last movements of the stock ledger: of everything, or of one SKU.

import { get } from "./api.js";
import { el, moment, number, table } from "./dom.js";
import { input } from "./sign_in.js";
import { load, nothing } from "./states.js";

const PATH = "api/admin/stock/movements";
const WHY = { sale: "sold here", return: "came back", count: "counted", correction: "corrected", channel: "sold elsewhere" };

export const stock = {
  id: "stock",
  label: "Stock",
  open(panel) {
    const place = el("div");
    const sku = input("sku", "Of one SKU", { type: "search", required: false, maxlength: 200, autocomplete: "off" });
    const show = () => {
      const wanted = sku.box.value.trim();
      return load(place, () => get(PATH, { sku: wanted }), (found) => movements(found.movements, wanted));
    };
    const form = el("form.inline", { onsubmit: (event) => { event.preventDefault(); show(); } },
      sku.field, el("button", { type: "submit" }, "Show"));
    panel.append(el("h2", {}, "Last movements of stock"), form, place);
    show();
  },
};

function movements(found, sku) {
  if (!found.length) return nothing(sku ? `Nothing is known of ${sku}.` : "No stock has moved lately.");
  return table("Movements of stock, the newest first", ["When", "What", "Change", "Why", "Cause"], found.map((each) => [
    moment(each.createdAt), el("span.any", {}, each.sku || `Variant ${each.variantId}`), signed(each), because(each), el("span.any", {}, `${each.source} ${each.eventId}`),
  ]));
}

const signed = (each) => `${each.delta > 0 ? "+" : ""}${number(each.delta)}`;

function because(each) {
  const why = [WHY[each.reason] || each.reason, each.channel].filter(Boolean).join(", ");
  return each.shortfall ? el("span.state", { "data-state": "rejected" }, `${why}, ${number(each.shortfall)} too many`) : why;
}
