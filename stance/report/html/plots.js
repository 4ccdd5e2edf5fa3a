// Drawings in SVG. Each has its numbers beside it in text, so that none has to be seen to be read.

const intervalPlot = (cell) => {
  const x = (value) => 80 + 72 * value;
  const parts = [
    s("line", { class: "axis", x1: x(-1), x2: x(1), y1: 12, y2: 12 }),
    ...[-1, 0, 1].map((v) =>
      s("line", { class: v ? "axis" : "zero", x1: x(v), x2: x(v), y1: v ? 9 : 3, y2: v ? 15 : 21 }),
    ),
  ];
  if (cell.mean != null) {
    const tone = "tone-" + shade(cell).replace(/\d/, "") + (cell.few ? " few" : "");
    parts.push(s("line", { class: "range " + tone, x1: x(cell.low), x2: x(cell.high), y1: 12, y2: 12 }));
    parts.push(s("circle", { class: "dot " + tone, cx: x(cell.mean), cy: 12, r: 5 }));
  }
  return s("svg", { class: "interval", viewBox: "0 0 160 24", "aria-hidden": "true" }, parts);
};

const ticks = (from, to, width) => {
  const month = (time) => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();
  const step =
    [1, 2, 3, 6, 12, 24, 60, 120].find((months) => ((month(to) - month(from)) / months + 1) * 76 <= width) ?? 240;
  const found = [];
  for (let at = Math.ceil(month(from) / step) * step; at <= month(to) + 1; at += step) {
    const time = Date.UTC(Math.floor(at / 12), at % 12, 1);
    if (time < from || time > to) continue;
    const name = step < 12 ? MONTHS[at % 12].slice(0, 3) + " " : "";
    found.push([time, name + Math.floor(at / 12)]);
  }
  return found.length > 1
    ? found
    : [
        [from, day(iso(from)), "start"],
        [to, day(iso(to)), "end"],
      ];
};
const iso = (time) => new Date(time).toISOString().slice(0, 10);

const LEFT = 68;
const STACK = 8;
const LANES = ["favor", "neutral", "against"];

// Every dated statement as a dot, in a lane for its label: what was said when, without a curve drawn through it.
const timeline = (points, name, width) => {
  const dated = points.filter((point) => statementDate(point.n));
  const days = [...new Set(dated.map((point) => statementDate(point.n)))].sort();
  if (days.length < 2) return null;
  const [from, to] = [Date.parse(days[0]), Date.parse(days.at(-1))];
  const x = (time) => LEFT + 10 + ((width - LEFT - 24) * (time - from)) / (to - from);
  const stacks = new Map();
  for (const point of dated) {
    const key = point.label + "/" + Math.round(x(Date.parse(statementDate(point.n))) / 9) * 9;
    stacks.set(key, [...(stacks.get(key) ?? []), point]);
  }
  const highest = (label) =>
    Math.max(0, ...[...stacks].filter(([key]) => key.startsWith(label)).map(([, stack]) => stack.length));
  const step = Math.min(STACK, 90 / Math.max(...LANES.map(highest)));
  let floor = 0;
  const lanes = LANES.map((label) => ({ label, floor: (floor += Math.max(24, highest(label) * step + 14)) }));
  const parts = lanes.map((lane) => [
    s("text", { x: 0, y: lane.floor - 7 }, `${SIGNS[lane.label]} ${lane.label}`),
    s("line", { class: "axis", x1: LEFT, x2: width, y1: lane.floor, y2: lane.floor }),
  ]);
  for (const [time, text, anchor] of ticks(from, to, width - LEFT)) {
    parts.push(s("line", { class: "tick", x1: x(time), x2: x(time), y1: 2, y2: floor + 5 }));
    parts.push(
      s(
        "text",
        { x: x(time), y: floor + 19, "text-anchor": anchor ?? (x(time) > width - 30 ? "end" : "middle") },
        text,
      ),
    );
  }
  for (const [key, stack] of stacks) {
    const [label, at] = key.split("/");
    const lane = lanes.find((one) => one.label === label);
    sized(stack, (point) => -point.unsure).forEach((point, number) =>
      parts.push(moment(point, at, lane.floor - 7 - number * step)),
    );
  }
  const tally = LANES.map(
    (label) => `${dated.filter((point) => point.label === label && !point.unsure).length} ${label}`,
  ).join(", ");
  const unsure = dated.filter((point) => point.unsure).length;
  const span = `${count(dated.length, "dated statement")} from ${day(days[0])} to ${day(days.at(-1))}`;
  const told = `${span}: ${tally}${unsure ? `, ${unsure} unsure (hollow)` : ""}.`;
  const height = floor + 24;
  return h(
    "figure.timeline",
    s(
      "svg",
      { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${name}. ${told}` },
      parts,
    ),
    h("figcaption", told),
  );
};

const moment = ({ n, label, unsure }, cx, cy) =>
  s(
    "circle",
    {
      class: `moment tone-${label}${unsure ? " unsure" : ""}`,
      cx,
      cy,
      r: 3.6,
      click: () => (location.hash = link("statement", statements[n].id)),
    },
    s("title", {}, `${day(statementDate(n))}: ${quoted(statements[n]).slice(0, 160)}`),
  );

const ordinal = (period) => {
  const [year, part] = period.split("-");
  return part ? (part[0] === "Q" ? year * 4 + Number(part.slice(1)) : year * 12 + Number(part)) : Number(year);
};

// The mean of each month, quarter or year with its interval.
const periodPlot = (cell, width) => {
  const order = cell.periods.map(({ period }) => ordinal(period));
  const x = (n) => LEFT + 14 + ((width - LEFT - 44) * (order[n] - order[0])) / (order.at(-1) - order[0]);
  const y = (value) => 46 - 36 * value;
  let last = -Infinity;
  const named = (n) => x(n) - last >= 62 && ((last = x(n)), true);
  const tone = (point) => "tone-" + shade(point).replace(/\d/, "");
  const told = cell.periods
    .map((point) => `${point.period} ${signed(point.mean)} (${sum(point.counts.slice(0, 3))})`)
    .join(", ");
  const parts = [
    [1, 0, -1].map((value) => [
      s("text", { x: LEFT - 12, y: y(value) + 4, "text-anchor": "end" }, value ? signed(value).slice(0, 2) : "0"),
      s("line", { class: value ? "axis" : "zero", x1: LEFT, x2: width, y1: y(value), y2: y(value) }),
    ]),
    s("polyline", { class: "path", points: cell.periods.map((point, n) => `${x(n)},${y(point.mean)}`).join(" ") }),
    cell.periods.map((point, n) => [
      s("line", { class: "range " + tone(point), x1: x(n), x2: x(n), y1: y(point.low), y2: y(point.high) }),
      s("circle", { class: `dot ${tone(point)}${point.few ? " few" : ""}`, cx: x(n), cy: y(point.mean), r: 4 }),
      named(n) && s("text", { x: x(n), y: 104, "text-anchor": x(n) > width - 34 ? "end" : "middle" }, point.period),
    ]),
  ];
  const name = `${speakers[cell.s].name} on ${targets[cell.t].key} by period: ${told}`;
  return h(
    "figure.timeline",
    s("svg", { viewBox: `0 0 ${width} 112`, width, height: 112, role: "img", "aria-label": name }, parts),
    h("figcaption", `Position by period, with its 95% interval: ${told}.`),
  );
};

const statementDate = (number) => articles[statements[number].article].date;
const stanceOn = (statement, target) => statement.stances.find(([t]) => t === target);
const pointsOf = (cell) =>
  cell.e.map((n) => {
    const [, label, , unsure] = stanceOn(statements[n], cell.t);
    return { n, label: LABELS[label], unsure };
  });
