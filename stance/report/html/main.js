// Shows what the address after # asks for: a view, or something open beside it.

const main = document.getElementById("main");
const panel = document.getElementById("panel");
const PAGES = {
  matrix: matrixPage,
  speakers: speakersPage,
  topics: topicsPage,
  summary: summaryPage,
  changes: changesPage,
  compare: comparePage,
  about: aboutPage,
  speaker: speakerPage,
  topic: topicPage,
  target: targetPage,
};
const PANELS = {
  cell: cellPanel,
  article: (id) => (articleAt.has(id) ? articlePanel(articleAt.get(id)) : missing()),
  statement: (id) =>
    statementAt.has(id) ? articlePanel(statements[statementAt.get(id)].article, statementAt.get(id)) : missing(),
};
const now = { page: null, cell: null, opener: null };

const say = (text) => (document.getElementById("said").textContent = text);

const asked = () => {
  try {
    return location.hash.slice(2).split("/").map(decodeURIComponent);
  } catch {
    return ["nowhere"];
  }
};

const showPage = (name, parts, first) => {
  now.page = link(name, ...parts);
  document.body.dataset.page = name;
  main.replaceChildren(PAGES[name](...parts));
  if (name === "matrix") drawMatrix();
  const shown = link({ speaker: "speakers", topic: "topics", target: "topics" }[name] ?? name);
  document
    .querySelectorAll("#views a")
    .forEach((one) => one.setAttribute("aria-current", one.hash === shown ? "page" : "false"));
  entitle(main);
  if (first) return;
  main.querySelector("h2")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
};

const openPanel = (name, parts) => {
  const address = link(name, ...parts);
  if (panel.hidden) now.opener = document.activeElement?.getAttribute?.("href");
  if (name === "cell") now.cell = address;
  panel.replaceChildren(
    h("div.bar", name !== "cell" && backToCell(parts[0]), h("a", { class: "close", href: now.page }, "Close ×")),
    PANELS[name](...parts),
  );
  panel.hidden = false;
  document.body.classList.add("open");
  cover();
  panel.setAttribute("aria-label", name === "cell" ? "Statements" : "Article");
  entitle(panel);
  panel.scrollTop = 0;
  panel.querySelector("h2").focus({ preventScroll: true });
  scrollToMark();
  document
    .querySelectorAll("#matrix a.cell")
    .forEach((one) => one.setAttribute("aria-current", String(one.hash === now.cell)));
};

// The panel alone: the page beside it stays where the reader left it.
const scrollToMark = () => {
  const mark = panel.querySelector("mark.own");
  if (!mark) return;
  const below = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight * 0.4;
  if (below > panel.clientHeight * 0.4) panel.scrollTop = below;
};

// From a statement that was opened from a cell: back to the cell, and to its neighbours there.
const backToCell = (statementId) => {
  const cell = cells.find((one) => cellLink(one) === now.cell);
  if (!cell) return null;
  const place = cell.e.indexOf(statementAt.get(statementId));
  const step = (number, mark, name) =>
    place >= 0 &&
    cell.e[number] != null &&
    h("a", { href: link("statement", statements[cell.e[number]].id), "aria-label": name }, mark);
  return [
    to(now.cell, "← Statements"),
    step(place - 1, "‹ Previous", "Previous statement"),
    place >= 0 && cell.e.length > 1 && h("span.amount", `${place + 1} of ${cell.e.length}`),
    step(place + 1, "Next ›", "Next statement"),
  ];
};

// What lies under a panel that covers the page cannot be reached.
const cover = () => {
  const covered = !panel.hidden && getComputedStyle(panel).position === "fixed";
  document.querySelectorAll(".masthead, #views, #main, .colophon").forEach((one) => (one.inert = covered));
};

const entitle = (place) => (document.title = `${place.querySelector("h2").textContent} · ${about.headline}`);

const closePanel = () => {
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("open");
  cover();
  const opener = [...main.querySelectorAll("a")].find((one) => one.getAttribute("href") === (now.cell ?? now.opener));
  document.querySelectorAll("#matrix a.cell").forEach((one) => one.removeAttribute("aria-current"));
  now.cell = now.opener = null;
  entitle(main);
  opener?.focus();
};

const route = (first) => {
  const [name, ...parts] = asked();
  if (Object.hasOwn(PANELS, name)) {
    if (!now.page) showPage("matrix", [], true);
    openPanel(name, parts);
    return;
  }
  const known = Object.hasOwn(PAGES, name);
  const address = known ? link(name, ...parts) : link("matrix");
  if (address !== now.page) showPage(known ? name : "matrix", known ? parts : [], first === true);
  closePanel();
};

document.getElementById("views").hidden = false;
window.addEventListener("hashchange", () => (location.hash === "" || location.hash.startsWith("#/")) && route());
document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && (location.hash = now.page));
window.addEventListener("resize", cover);
window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
route(true);
