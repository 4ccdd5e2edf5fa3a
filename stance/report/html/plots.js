// Drawings in SVG. Each has its numbers beside it in text, so that none has to be seen to be read.

const intervalPlot = (cell) => {
  const x = (value) => 80 + 72 * value;
  const parts = [s("line", { class: "axis", x1: x(-1), x2: x(1), y1: 12, y2: 12 }), ...[-1, 0, 1].map((v) => s("line", { class: v ? "axis" : "zero", x1: x(v), x2: x(v), y1: v ? 9 : 3, y2: v ? 15 : 21 }))];
  if (cell.mean != null) {
    const tone = "tone-" + shade(cell).replace(/\d/, "") + (cell.few ? " few" : "");
    parts.push(s("line", { class: "range " + tone, x1: x(cell.low), x2: x(cell.high), y1: 12, y2: 12 }));
    parts.push(s("circle", { class: "dot " + tone, cx: x(cell.mean), cy: 12, r: 5 }));
  }
  return s("svg", { class: "interval", viewBox: "0 0 160 24", "aria-hidden": "true" }, parts);
};

const ticks = (from, to, width) => {
  const month = (time) => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth();
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((months) => ((month(to) - month(from)) / months + 1) * 76 <= width) ?? 240;
  const found = [];
  for (let at = Math.ceil(month(from) / step) * step; at <= month(to) + 1; at += step) {
    const time = Date.UTC(Math.floor(at / 12), at % 12, 1);
    if (time < from || time > to) continue;
    const name = step < 12 ? MONTHS[at % 12].slice(0, 3) + " " : "";
    found.push([time, name + Math.floor(at / 12)]);
  }
  return found;
};

const LANE = 46;
const LEFT = 66;
// Every dated statement as a dot, in a lane for its label: what was said when, without a curve drawn through it.
const timeline = (points, name, width) => {
  const dated = points.filter((point) => statementDate(point.n));
  const days = new Set(dated.map((point) => statementDate(point.n)));
  if (days.size < 2) return null;
  const times = [...days].map(Date.parse);
  const from = Math.min(...times), to = Math.max(...times);
  const x = (time) => LEFT + 8 + ((width - LEFT - 20) * (time - from)) / (to - from);
  const height = 3 * LANE + 26;
  const lanes = ["favor", "neutral", "against"];
  const parts = lanes.map((label, lane) => [
    s("text", { class: "lane", x: 0, y: lane * LANE + LANE / 2 + 8 }, `${SIGNS[label]} ${label}`),
    s("line", { class: "axis", x1: LEFT, x2: width, y1: (lane + 1) * LANE - 2, y2: (lane + 1) * LANE - 2 }),
  ]);
  for (const [time, text] of ticks(from, to, width - LEFT)) {
    parts.push(s("line", { class: "tick", x1: x(time), x2: x(time), y1: 2, y2: 3 * LANE }));
    parts.push(s("text", { class: "when", x: x(time), y: height - 6, "text-anchor": x(time) > width - 30 ? "end" : "middle" }, text));
  }
  const columns = new Map();
  for (const point of dated) {
    const at = Math.round(x(Date.parse(statementDate(point.n))) / 9) * 9;
    const key = point.label + "/" + at;
    if (!columns.has(key)) columns.set(key, { at, label: point.label, points: [] });
    columns.get(key).points.push(point);
  }
  for (const column of columns.values()) {
    const step = Math.min(9, (LANE - 12) / column.points.length);
    sized(column.points, (point) => -point.unsure).forEach((point, number) => {
      const y = (lanes.indexOf(column.label) + 1) * LANE - 8 - number * step;
      const open = () => (location.hash = link("statement", statements[point.n].id));
      parts.push(s("circle", { class: `moment tone-${column.label}${point.unsure ? " unsure" : ""}`, cx: column.at, cy: y, r: 4, click: open }, s("title", {}, `${day(statementDate(point.n))}: ${quoted(statements[point.n]).slice(0, 160)}`)));
    });
  }
  const tally = lanes.map((label) => `${dated.filter((point) => point.label === label && !point.unsure).length} ${label}`).join(", ");
  const told = `${count(dated.length, "dated statement")} from ${day([...days].sort()[0])} to ${day([...days].sort().at(-1))}: ${tally}`;
  return h(
    "figure", { class: "timeline" },
    s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `${name}. ${told}.` }, parts),
    h("figcaption", {}, told + ". Hollow: unsure."),
  );
};

const statementDate = (number) => articles[statements[number].article].date;
const stanceOn = (statement, target) => statement.stances.find(([t]) => t === target);
const pointsOf = (cell) =>
  cell.e.map((n) => {
    const [, label, , unsure] = stanceOn(statements[n], cell.t);
    return { n, label: LABELS[label], unsure };
  });
