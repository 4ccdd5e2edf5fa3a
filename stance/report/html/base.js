"use strict";
// What all views share: the data, lookups into it, elements made from text that is never read as markup, and wording.

const DATA = JSON.parse(document.getElementById("data").textContent);
const { topics, targets, speakers, cells, statements, articles, about, findings } = DATA;
const LABELS = ["favor", "against", "neutral"];
const STATES = [...LABELS, "unsure"];
const SIGNS = { favor: "▲", against: "▼", neutral: "●", unsure: "?" };
const SIDES = topics.map((topic, number) =>
  targets.map((_, t) => t).filter((t) => targets[t].topic === number && targets[t].id),
);

const cellOf = new Map(cells.map((cell) => [cell.s + "/" + cell.t, cell]));
const byId = (rows) => new Map(rows.map((row, number) => [row.id, number]));
const speakerAt = byId(speakers),
  targetAt = byId(targets),
  statementAt = byId(statements),
  articleAt = byId(articles);
const topicAt = new Map(topics.map(([id], number) => [id, number]));
const inArticle = articles.map(() => []);
statements.forEach((statement, number) => inArticle[statement.article].push(number));

const SVG = "http://www.w3.org/2000/svg";
const fill = (element, parts) => {
  const [first, ...rest] = parts;
  const given = first != null && Object.getPrototypeOf(first) === Object.prototype;
  for (const [name, value] of Object.entries(given ? first : {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  const children = (given ? rest : parts).flat(Infinity);
  element.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return element;
};
// An element: h("p.note", {id: "x"}, "text", h("b", "more")); attributes that are functions listen to events.
const h = (tag, ...parts) => {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  return fill(element, parts);
};
const s = (tag, ...parts) => fill(document.createElementNS(SVG, tag), parts);
const unseen = (text) => h("span.unseen", text);

// What is drawn of the first so many items, and a button for the others.
const unfold = (items, amount, noun, draw) => {
  const place = h("div", draw(items.slice(0, amount)));
  const rest = items.length - amount;
  const open = () => place.replaceChildren(...[draw(items)].flat());
  if (rest > 0)
    place.append(h("p.more", h("button", { type: "button", click: open }, `Show ${count(rest, "more " + noun)}`)));
  return place;
};

const link = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");
const to = (address, ...text) => h("a", { href: address }, text);
const note = (...text) => h("p.note", text);
const cellLink = (cell) => link("cell", speakers[cell.s].id, targets[cell.t].key);
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const signed = (number) => (number < 0 ? "−" : number > 0 ? "+" : "") + Math.abs(number).toFixed(2);
const listed = (parts) => parts.map((part, place) => [place ? ", " : "", part]);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const sized = (rows, number) => rows.sort((one, other) => number(other) - number(one));

const MONTHS = "January February March April May June July August September October November December".split(" ");
const day = (iso) => (iso ? `${Number(iso.slice(8))} ${MONTHS[iso.slice(5, 7) - 1]} ${iso.slice(0, 4)}` : "");

// Offsets count characters as the run does; JavaScript's own count halves of those beyond the first 65,536.
const PAIRS = /[\ud800-\udfff]/;
const size = (text) => (PAIRS.test(text) ? Array.from(text).length : text.length);
const cut = (text, start, end) =>
  PAIRS.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
const passage = (article, start, end) => {
  const [at, text] = articles[article].text.find(([from, piece]) => from <= start && end <= from + size(piece));
  return cut(text, start - at, end - at);
};
const quoted = (statement) =>
  statement.content
    .map(([start, end]) => passage(statement.article, start, end))
    .join(" … ")
    .replace(/\s+/g, " ");
const mention = (statement, name) =>
  statement[name] ? passage(statement.article, ...statement[name]).replace(/\s+/g, " ") : "";

// Colour follows the mean drawn toward zero where little was said; the sign, the mean itself.
const shade = (cell) => {
  if (cell.mean == null) return "none";
  const depth = Math.abs(cell.drawn);
  if (Math.abs(cell.mean) < 0.1) return "even";
  return (cell.mean > 0 ? "favor" : "against") + (depth < 0.4 ? 1 : depth < 0.7 ? 2 : 3);
};
const clear = (cell) => cell.low > 0 || cell.high < 0;
const sign = (cell) => {
  if (cell.mean == null) return "?";
  if (Math.abs(cell.mean) < 0.1) return "●";
  return cell.mean > 0 ? (clear(cell) ? "▲" : "△") : clear(cell) ? "▼" : "▽";
};
const leaning = (cell) =>
  cell.mean == null
    ? "nothing sure"
    : Math.abs(cell.mean) < 0.1
      ? "in between"
      : cell.mean > 0
        ? "in favor"
        : "against";
const interval = (cell) => `${signed(cell.low)} to ${signed(cell.high)}`;
const spoken = (cell) =>
  `${speakers[cell.s].name} on ${targets[cell.t].key}: ` +
  (cell.mean == null
    ? `nothing sure in ${count(cell.e.length, "statement")}`
    : `${leaning(cell)}, ${signed(cell.mean)}, interval ${interval(cell)}, ${count(cell.e.length, "statement")}`) +
  (cell.few ? `, few articles` : "");

const cellTo = (cell, ...text) => h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, text);

const HOW = {
  name: "named in full",
  surname: "by surname",
  title: "by title",
  pronoun: "by pronoun",
  metonym: "by a place that stands for a body",
  side: "by the side they speak for",
  joint: "one of several named together",
  registry: "from the list of known speakers",
  decision: "decided by a person",
  context: "from the context",
};
