// A speaker's page, a topic's and a target's, and how the report is to be read.

const room = () => Math.max(280, Math.min(760, document.getElementById("main").clientWidth - 48));

const speakerPage = (id) => {
  const n = speakerAt.get(id);
  if (n == null) return missing();
  const speaker = speakers[n];
  const own = cellsOf("s", n);
  const sided = own.filter((cell) => targets[cell.t].id);
  const touched = own.filter((cell) => !targets[cell.t].id);
  const onTopic = behindCells(own).size.toLocaleString("en");
  const amount = `${count(speaker.statements, "statement")} in ${count(speaker.articles, "article")}`;
  return h(
    "section.page",
    heading(speaker.name),
    h("p.lead", `${[speaker.about, amount].filter(Boolean).join(". ")}, ${onTopic} on a topic.`),
    speaker.aliases.length > 0 && note(`Also written: ${speaker.aliases.join(", ")}`),
    printedBy(own),
    prose(findings.prose.speakers[n], 3),
    h("h3", "Positions"),
    sided.length
      ? positionTable(`Positions of ${speaker.name}`, sided, "Target", (cell) => targetHead(cell.t))
      : h("p", "No statement of theirs bears on a target."),
    touched.length > 0 && note("Topics touched without a position: ", listed(touched.map(touchedTopic)), "."),
    !speaker.unknown && note(to(link("compare", id), `Compare with another ${about.row}`)),
    overTime(sided),
  );
};

const touchedTopic = (cell) => to(cellLink(cell), `${topics[targets[cell.t].topic][1]} (${cell.e.length})`);

const OUTLETS = 8;
const printedBy = (own) => {
  const found = new Map();
  for (const n of behindCells(own)) {
    const outlet = articles[statements[n].article].outlet;
    if (outlet) found.set(outlet, (found.get(outlet) ?? 0) + 1);
  }
  if (found.size < 2) return null;
  const named = sized([...found], ([, number]) => number).slice(0, OUTLETS);
  const more = found.size > OUTLETS ? ` and ${found.size - OUTLETS} more` : "";
  return note(`Quoted on topics by ${named.map(([outlet, number]) => `${outlet} (${number.toLocaleString("en")})`).join(", ")}${more}.`);
};

const DRAWN = 8;
const overTime = (sided) => {
  const figures = sized(sided.slice(), (cell) => cell.e.length)
    .map((cell) => [cell, timeline(pointsOf(cell), `${spoken(cell)}, over time`, room())])
    .filter(([, figure]) => figure)
    .slice(0, DRAWN);
  const drawn = ([cell, figure]) => [
    h("h4", to(cellLink(cell), targets[cell.t].key)),
    figure,
    cell.periods && periodPlot(cell, room()),
  ];
  return figures.length > 0 && [h("h3", "Over time"), figures.map(drawn)];
};

const ROWS = 30;
const standings = (t, title, level) => {
  const all = cellsOf("t", t);
  const byAmount = sized(all.slice(), (cell) => cell.e.length);
  const ordered = (some) => sized(some.slice(), (cell) => (cell.drawn ?? -2) - (speakers[cell.s].unknown ? 5 : 0));
  const place = unfold(byAmount, ROWS, about.row, (some) =>
    positionTable(
      `${capital(about.rows)} on ${targets[t].key}, from favor to against`,
      ordered(some),
      capital(about.row),
      speakerHead,
    ),
  );
  const statementsOf = [...new Map(all.flatMap(pointsOf).map((point) => [point.n, point])).values()];
  return [
    h(level, {}, title),
    h("p.proposition", targets[t].text),
    targets[t].varies && note("Each statement has its own object here, so speakers cannot be compared."),
    place,
    timeline(statementsOf, `Statements on ${targets[t].key} over time`, room()),
  ];
};

const targetPage = (id) => {
  const t = targets.findIndex((target) => target.id === id);
  if (t < 0) return missing();
  const topic = topics[targets[t].topic];
  return h(
    "section.page",
    heading(targets[t].key),
    h("p.lead", "Topic: ", to(link("topic", topic[0]), topic[1])),
    standings(t, "Who stands where", "h3"),
  );
};

const topicPage = (id) => {
  const n = topicAt.get(id);
  if (n == null) return missing();
  const untouched = SIDES[n].length ? "" : "No statement bears on its targets.";
  return h(
    "section.page",
    heading(topics[n][1]),
    untouched && h("p", untouched),
    prose(findings.prose.topics[n], 3),
    SIDES[n].map((t) =>
      h(
        "section.target",
        standings(t, to(link("target", id === targets[t].key ? id : targets[t].key), targets[t].key), "h3"),
      ),
    ),
  );
};

const aboutPage = () => {
  const page = h("section.page.prose", document.getElementById("guide").content.cloneNode(true));
  page.querySelector("h2").tabIndex = -1;
  return page;
};
