// Charts of days, drawn by uPlot; beside each stands the same as a table, for the ear and for who wants figures.

import { day, el, number, table } from "./dom.js";

const HEIGHT = 260;
const DASHES = [[], [8, 4], [2, 3]];

/** A chart of series ({label, values}) over days (`2026-12-01`), values being whole numbers. */
export function chart(title, days, series) {
  const rows = days.map((each, index) => [day(each), ...series.map((one) => number(one.values[index]))]).reverse();
  const figures = el("details", {}, el("summary", {}, "The figures as a table"),
    table(title, ["Day", ...series.map((one) => one.label)], rows));
  const at = days.map((each) => Date.parse(`${each}T00:00:00Z`) / 1000);
  return drawn(title, (width, style) => overDays(width, series, style), [at, ...series.map((one) => one.values)], figures);
}

/** Bars of series for each of a few names; the same stands in a table that the page shows besides. */
export function bars(title, names, series) {
  const data = [names.map((_name, index) => index), ...series.map((one) => one.values)];
  return drawn(title, (width, style) => ofNames(width, names, series, style), data, null);
}

function drawn(title, options, data, figures) {
  const canvas = el("div.chart", { role: "img", "aria-label": title });
  const draw = drawing(canvas, options, data);
  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => canvas.isConnected && draw([], true));
  return el("figure", {}, canvas, figures);
}

function drawing(canvas, options, data) {
  let plot = null;
  return (_entries, anew = false) => {
    const width = Math.floor(canvas.clientWidth);
    if (!width) return;
    if (plot && !anew) {
      if (plot.width !== width) plot.setSize({ width, height: HEIGHT });
      return;
    }
    plot?.destroy();
    plot = new uPlot(options(width, getComputedStyle(canvas)), data, canvas);
  };
}

/** What both kinds have in common: numbers from 0 on at the left, in the page's own colours. */
function common(width, style) {
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line") } };
  const left = { ...axis, size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6],
    values: (_self, at) => at.map((each) => number(each)) };
  const y = { range: (_self, _least, most) => [0, Math.max(4, most * 1.1)] };
  return { color, axis, left, y, shared: { width, height: HEIGHT, cursor: { drag: { setScale: false } } } };
}

const said = (_self, value) => (value === null || value === undefined ? "–" : number(value));

function ofNames(width, names, series, style) {
  const { color, axis, left, y, shared } = common(width, style);
  const name = (at) => names[at] ?? "";
  return {
    ...shared,
    scales: { x: { time: false, range: [-0.5, names.length - 0.5] }, y },
    axes: [{ ...axis, grid: { show: false }, incrs: [1, 2, 5], space: 60, values: (_self, at) => at.map((each) => name(each).slice(0, 12)) }, left],
    series: [
      { label: "Who", value: (_self, at) => (at === null ? "–" : name(at)) },
      ...series.map((one, index) => ({
        label: one.label, value: said, stroke: color(`--series-${index + 1}`), fill: color(`--series-${index + 1}`),
        paths: uPlot.paths.bars({ size: [0.35, 48], align: index ? 1 : -1, gap: 2 }), points: { show: false },
      })),
    ],
  };
}

function overDays(width, series, style) {
  const { color, axis, left, y, shared } = common(width, style);
  return {
    ...shared,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { y },
    axes: [
      { ...axis, space: 70, values: (_self, at) => at.map((each) => short(each)) },
      left,
    ],
    series: [
      { label: "Day", value: (_self, at) => (at ? short(at) : "–") },
      ...series.map((one, index) => ({
        label: one.label, stroke: color(`--series-${index + 1}`), width: 2, dash: DASHES[index],
        points: { show: one.values.length < 40 },
        value: said,
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
