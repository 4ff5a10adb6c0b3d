// Charts of days, drawn by uPlot; beside each stands the same as a table, for the ear and for who wants figures.

import { day, el, number, table } from "./dom.js";

const HEIGHT = 260;
const DASHES = [[], [8, 4], [2, 3]];

/** A chart of series ({label, values}) over days (`2026-12-01`), values being whole numbers. */
export function chart(title, days, series) {
  const canvas = el("div.chart", { role: "img", "aria-label": title });
  const rows = days.map((each, index) => [day(each), ...series.map((one) => number(one.values[index]))]).reverse();
  const figures = el("details", {}, el("summary", {}, "The figures as a table"),
    table(title, ["Day", ...series.map((one) => one.label)], rows));
  const draw = drawing(canvas, days, series);
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => canvas.isConnected && draw([], true));
  return el("figure", {}, canvas, figures);
}

function drawing(canvas, days, series) {
  let drawn = null;
  return (_entries, anew = false) => {
    const width = Math.floor(canvas.clientWidth);
    if (!width) return;
    if (drawn && !anew) {
      if (drawn.width !== width) drawn.setSize({ width, height: HEIGHT });
      return;
    }
    drawn?.destroy();
    drawn = new uPlot(options(width, series, getComputedStyle(canvas)), data(days, series), canvas);
  };
}

const data = (days, series) => [
  days.map((each) => Date.parse(`${each}T00:00:00Z`) / 1000),
  ...series.map((one) => one.values),
];

function options(width, series, style) {
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line") } };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    cursor: { drag: { setScale: false } },
    scales: { y: { range: (_self, _least, most) => [0, Math.max(4, most * 1.1)] } },
    axes: [
      { ...axis, space: 70, values: (_self, at) => at.map((each) => short(each)) },
      { ...axis, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6],
        values: (_self, at) => at.map((each) => number(each)) },
    ],
    series: [
      { label: "Day", value: (_self, at) => (at ? short(at) : "–") },
      ...series.map((one, index) => ({
        label: one.label, stroke: color(`--series-${index + 1}`), width: 2, dash: DASHES[index],
        points: { show: one.values.length < 40 },
        value: (_self, value) => (value === null || value === undefined ? "–" : number(value)),
      })),
    ],
  };
}

const SHORT = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const short = (seconds) => SHORT.format(new Date(seconds * 1000));

/** Every day from one to another, both included; of a year there are 365. */
export function daysBetween(first, last) {
  const found = [];
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= Date.parse(`${last}T00:00:00Z`); at += 86400000) {
    found.push(new Date(at).toISOString().slice(0, 10));
  }
  return found;
}

/** A row of figures, each with its name. */
export function figures(pairs) {
  return el("dl.figures", {}, pairs.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}
