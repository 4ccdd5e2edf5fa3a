// Shows what the address after # asks for: a view, or something open beside it.

const main = document.getElementById("main");
const panel = document.getElementById("panel");
const PAGES = { matrix: matrixPage, speakers: speakersPage, topics: topicsPage, summary: summaryPage, changes: changesPage, compare: comparePage, about: aboutPage, speaker: speakerPage, topic: topicPage, target: targetPage };
const PANELS = {
  cell: cellPanel,
  article: (id) => (articleAt.has(id) ? articlePanel(articleAt.get(id)) : missing()),
  statement: (id) => (statementAt.has(id) ? articlePanel(statements[statementAt.get(id)].article, statementAt.get(id)) : missing()),
};
const now = { page: null, panel: null, cell: null, opener: null };

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
  main.replaceChildren(PAGES[name](...parts));
  if (name === "matrix") drawMatrix();
  document.querySelectorAll("#views a").forEach((one) => one.setAttribute("aria-current", String(one.hash === "#/" + (name === "speaker" ? "speakers" : name === "topic" || name === "target" ? "topics" : name) && "page")));
  if (first) return;
  main.querySelector("h2")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
};

const openPanel = (name, parts) => {
  const address = link(name, ...parts);
  if (panel.hidden) now.opener = document.activeElement?.getAttribute?.("href");
  if (name === "cell") now.cell = address;
  const back = name !== "cell" && now.cell ? h("a", { class: "back", href: now.cell }, "← Statements") : h("span");
  panel.replaceChildren(h("div", { class: "bar" }, back, h("a", { class: "close", href: now.page, "aria-label": "Close" }, "Close ×")), PANELS[name](...parts));
  panel.hidden = false;
  document.body.classList.add("open");
  panel.setAttribute("aria-label", name === "cell" ? "Statements" : "Article");
  panel.scrollTop = 0;
  panel.querySelector("h2").focus({ preventScroll: true });
  panel.querySelector("mark.own")?.scrollIntoView({ block: "center" });
  document.querySelectorAll("#matrix a.cell").forEach((one) => one.setAttribute("aria-current", String(one.hash === now.cell)));
};

const closePanel = () => {
  if (panel.hidden) return;
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("open");
  const opener = [...main.querySelectorAll("a")].find((one) => one.getAttribute("href") === (now.cell ?? now.opener));
  document.querySelectorAll("#matrix a.cell").forEach((one) => one.removeAttribute("aria-current"));
  now.cell = now.opener = null;
  opener?.focus();
};

const route = (first) => {
  const [name, ...parts] = asked();
  if (name in PANELS) {
    if (!now.page) showPage("matrix", [], true);
    openPanel(name, parts);
    return;
  }
  const page = name in PAGES ? name : "matrix";
  if (link(page, ...parts) !== now.page) showPage(page, name in PAGES ? parts : [], first === true);
  closePanel();
};

document.getElementById("views").hidden = false;
window.addEventListener("hashchange", () => (location.hash === "" || location.hash.startsWith("#/")) && route());
document.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && (location.hash = now.page));
window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
route(true);
