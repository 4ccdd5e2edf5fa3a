// A speaker's page, a topic's and a target's, and how the report is to be read.

const room = () => Math.max(280, Math.min(760, document.getElementById("main").clientWidth - 48));

const speakerPage = (id) => {
  const n = speakerAt.get(id);
  if (n == null) return missing();
  const speaker = speakers[n];
  const own = cellsOf("s", n);
  const onTopic = new Set(own.flatMap((cell) => cell.e)).size.toLocaleString("en");
  const sided = own.filter((cell) => targets[cell.t].id);
  const touched = own.filter((cell) => !targets[cell.t].id);
  const where = new Map();
  for (const at of new Set(own.flatMap((cell) => cell.e))) {
    const outlet = articles[statements[at].article].outlet;
    if (outlet) where.set(outlet, (where.get(outlet) ?? 0) + 1);
  }
  const outlets = sized([...where], ([, number]) => number);
  const drawn = sized(sided.slice(), (cell) => cell.e.length)
    .map((cell) => [cell, timeline(pointsOf(cell), `${speaker.name} on ${targets[cell.t].key} over time`, room())])
    .filter(([, figure]) => figure);
  return h(
    "section",
    { class: "page" },
    heading(speaker.name),
    h(
      "p",
      { class: "lead" },
      [
        speaker.about,
        `${count(speaker.statements, "statement")} in ${count(speaker.articles, "article")}, ${onTopic} on a topic`,
      ]
        .filter(Boolean)
        .join(". ") + ".",
    ),
    speaker.aliases.length > 0 && note(`Also written: ${speaker.aliases.join(", ")}`),
    outlets.length > 1 &&
      note(
        "Quoted on targets by " +
          outlets
            .slice(0, 8)
            .map(([outlet, number]) => `${outlet} (${number})`)
            .join(", ") +
          (outlets.length > 8 ? ` and ${outlets.length - 8} more.` : "."),
      ),
    prose(findings.prose.speakers[n], 3),
    sided.length
      ? [
          h("h3", {}, "Positions"),
          positionTable(`Positions of ${speaker.name}`, sided, "Target", (cell) => targetHead(cell.t)),
        ]
      : h("p", {}, "No statement of theirs bears on a target."),
    touched.length > 0 &&
      note(
        "Topics touched without a position: ",
        touched.map((cell, place) => [
          place ? ", " : "",
          to(cellLink(cell), `${topics[targets[cell.t].topic][1]} (${cell.e.length})`),
        ]),
        ".",
      ),
    drawn.length > 0 && [
      h("h3", {}, "Over time"),
      drawn
        .slice(0, 8)
        .map(([cell, figure]) =>
          h(
            "div",
            { class: "drawn" },
            h("h4", {}, to(cellLink(cell), targets[cell.t].key)),
            figure,
            cell.periods && periodPlot(cell, room()),
          ),
        ),
    ],
  );
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
    h("p", { class: "proposition" }, targets[t].text),
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
    "section",
    { class: "page" },
    heading(targets[t].key),
    h("p", { class: "lead" }, "Topic: ", to(link("topic", topic[0]), topic[1])),
    standings(t, "Who stands where", "h3"),
  );
};

const topicPage = (id) => {
  const n = topicAt.get(id);
  if (n == null) return missing();
  const untouched = SIDES[n].length ? "" : "No statement bears on its targets.";
  return h(
    "section",
    { class: "page" },
    heading(topics[n][1]),
    untouched && h("p", {}, untouched),
    prose(findings.prose.topics[n], 3),
    SIDES[n].map((t) =>
      h(
        "section",
        { class: "target" },
        standings(t, to(link("target", id === targets[t].key ? id : targets[t].key), targets[t].key), "h3"),
      ),
    ),
  );
};

const aboutPage = () => {
  const page = h("section", { class: "page prose" }, document.getElementById("guide").content.cloneNode(true));
  page.querySelector("h2").tabIndex = -1;
  return page;
};
