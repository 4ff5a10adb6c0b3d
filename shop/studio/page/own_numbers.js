// What a creator's page and works were looked at, day by day.

import { address, get } from "./api.js";
import { chart, daysBetween, figures } from "./charts.js";
import { el, number, table } from "./dom.js";
import { load, nothing } from "./states.js";

const PATH = "api/creator/analytics";
const SPANS = [7, 30, 90, 365];

export const ownNumbers = {
  id: "numbers",
  label: "Numbers",
  open(panel) {
    const place = el("div");
    const choice = spans((days) => load(place, () => read(days), (found) => numbers(found, days)));
    panel.append(el("h2", {}, "How your work is seen"), choice, place);
    choice.querySelector("[aria-pressed=true]").click();
  },
};

/** The numbers, and what the works in them are called: numbers without names are better than none. */
async function read(days) {
  const own = get("api/creator/products", { limit: 100 }).catch(() => ({ products: [] }));
  const found = await get(PATH, span(days));
  const titles = new Map((await own).products.map((work) => [work.id, work.title]));
  return { ...found, topProducts: found.topProducts.map((each) => ({ ...each, title: titles.get(each.productId) })) };
}

/** Buttons of which one is pressed: how many days are looked at. */
export function spans(chosen) {
  const group = el("div.choice", { role: "group", "aria-label": "How many days" });
  const buttons = SPANS.map((days) => el("button", {
    type: "button", "aria-pressed": String(days === 30),
    onclick: () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button(days)));
      chosen(days);
    },
  }, `${days} days`));
  const button = (days) => buttons[SPANS.indexOf(days)];
  group.append(...buttons);
  return group;
}

/** The last so many days as the API takes them, today (UTC) being the last. */
export function span(days) {
  const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
  return { startDate: day(days - 1), endDate: day(0) };
}

function numbers(found, days) {
  const by = new Map(found.dailyMetrics.map((each) => [each.date, each]));
  const shown = daysBetween(found.dateRange.startDate, found.dateRange.endDate);
  const of = (name) => shown.map((each) => by.get(each)?.[name] ?? 0);
  const series = [
    { label: "Page views", values: of("pageViews") },
    { label: "Product views", values: of("productViews") },
    { label: "Clicks", values: of("affiliateClicks") },
  ];
  return [
    figures([
      ["Page views", number(found.totalPageViews)], ["Product views", number(found.totalProductViews)],
      ["Clicks", number(found.totalAffiliateClicks)], ["Clicks per 100 page views", percent(found.clickThroughRate)],
    ]),
    found.dailyMetrics.length ? null : nothing(`Nobody has looked in the last ${days} days yet.`),
    chart(`Views and clicks of the last ${days} days`, shown, series),
    el("h3", {}, "Works that were looked at most"),
    found.topProducts.length ? top(found.topProducts) : nothing("No work was looked at in these days."),
    el("p", {}, el("a", { href: address(PATH, { ...span(days), format: "csv" }), download: "analytics.csv" }, "Download as CSV")),
  ].filter(Boolean);
}

const percent = (value) => `${Number(value).toLocaleString()} %`;

const top = (works) => table("Works that were looked at most", ["Work", "Views", "Clicks", "Clicks per 100 views"],
  works.map((work) => [work.title || `Work ${work.productId}`, number(work.views), number(work.clicks), percent(work.clickThroughRate)]));
