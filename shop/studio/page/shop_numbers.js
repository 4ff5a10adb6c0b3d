// The numbers of the whole shop, for its administrators.

import { address, get } from "./api.js";
import { bars, figures } from "./charts.js";
import { el, moment, number, table } from "./dom.js";
import { load, nothing } from "./states.js";
import { span, spans } from "./own_numbers.js";

const PATH = "api/admin/analytics";

export const shopNumbers = {
  id: "shop",
  label: "Shop",
  open(panel) {
    const place = el("div");
    const choice = spans((days) => load(place, () => get(PATH, span(days)), (found) => numbers(found, days)));
    panel.append(el("h2", {}, "The shop's numbers"), choice, place);
    choice.querySelector("[aria-pressed=true]").click();
  },
};

function numbers(found, days) {
  return [
    figures([
      ["Active creators", `${number(found.activeCreators)} of ${number(found.totalCreators)}`],
      ["Works", number(found.totalProducts)], ["Approved", number(found.approvedProducts)],
      ["Pending", number(found.pendingProducts)], ["Rejected", number(found.rejectedProducts)],
      ["Page views", number(found.totalPageViews)], ["Clicks", number(found.totalAffiliateClicks)],
    ]),
    el("h3", {}, "Creators who were looked at most"),
    ...(found.topCreators.length ? creators(found.topCreators) : [nothing("No creator was looked at in these days.")]),
    el("h3", {}, "Approved lately"),
    found.recentApprovals.length ? approvals(found.recentApprovals) : nothing("Nothing was approved yet."),
    el("p", {}, el("a", { href: address(PATH, { ...span(days), format: "csv" }), download: "shop-analytics.csv" }, "Download as CSV")),
  ];
}

function creators(top) {
  const of = (name) => top.map((each) => each[name]);
  return [
    bars("Page views and clicks of the creators who were looked at most", of("displayName"), [
      { label: "Page views", values: of("pageViews") }, { label: "Clicks", values: of("affiliateClicks") },
    ]),
    table("Creators who were looked at most", ["Creator", "Page views", "Clicks", "Works"], top.map((each) =>
      [each.displayName, number(each.pageViews), number(each.affiliateClicks), number(each.productCount)])),
  ];
}

const approvals = (latest) => el("ul.plain", {}, latest.map((each) =>
  el("li", {}, el("strong", {}, each.title), each.creatorName ? ` by ${each.creatorName}` : "", " · ", moment(each.approvedAt))));
