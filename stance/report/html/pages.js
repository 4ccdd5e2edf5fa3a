// A speaker's page, a topic's and a target's, their lists, and how the report is to be read.

const heading = (text, ...rest) => [h("h2", { id: "title", tabindex: "-1" }, text), rest];

const counted = (cell) =>
  ["favor", "against", "neutral", "unsure"].map((label, n) => h("td", { class: "number" + (cell.counts[n] ? "" : " nil") }, cell.counts[n]));

const positionTable = (caption, found, head, first) =>
  h(
    "div", { class: "wide" },
    h(
      "table", { class: "positions" },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, head), h("th", { scope: "col", class: "plot" }, h("span", { class: "ends" }, h("span", {}, "▼", h("span", { class: "word" }, " against")), h("span", {}, h("span", { class: "word" }, "favor "), "▲"))), h("th", { scope: "col", class: "number" }, "Position"), ["Favor", "Against", "Neutral", "Unsure"].map((label) => h("th", { scope: "col", class: "number count" }, label)))),
      h(
        "tbody", {},
        found.map((cell) =>
          h(
            "tr", { class: cell.few ? "few" : null },
            h("th", { scope: "row" }, first(cell)),
            h("td", { class: "plot" }, intervalPlot(cell)),
            h("td", { class: "number" }, h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, cell.mean == null ? "–" : `${sign(cell)} ${signed(cell.mean)}`), h("span", { class: "about" }, cell.mean == null ? "nothing sure" : cell.few ? `few, n ${cell.e.length}` : `n ${cell.e.length}`)),
            counted(cell).map((td) => (td.classList.add("count"), td)),
          ),
        ),
      ),
    ),
  );

const cellsOf = (key, number) => cells.filter((cell) => cell[key] === number);
const room = () => Math.max(280, Math.min(760, document.getElementById("main").clientWidth - 48));

const speakerPage = (id) => {
  const n = speakerAt.get(id);
  if (n == null) return missing();
  const speaker = speakers[n];
  const own = cellsOf("s", n);
  const sided = own.filter((cell) => targets[cell.t].id);
  const touched = own.filter((cell) => !targets[cell.t].id);
  const where = new Map();
  for (const at of new Set(own.flatMap((cell) => cell.e))) {
    const outlet = articles[statements[at].article].outlet;
    if (outlet) where.set(outlet, (where.get(outlet) ?? 0) + 1);
  }
  const outlets = sized([...where], ([, number]) => number);
  const drawn = sized(sided.slice(), (cell) => cell.e.length).map((cell) => [cell, timeline(pointsOf(cell), `${speaker.name} on ${targets[cell.t].key} over time`, room())]).filter(([, figure]) => figure);
  return h(
    "section", { class: "page" },
    heading(speaker.name),
    h("p", { class: "lead" }, [speaker.about, `${count(speaker.statements, "statement")} in ${count(speaker.articles, "article")}, ${new Set(own.flatMap((cell) => cell.e)).size.toLocaleString("en")} of them on a topic`].filter(Boolean).join(". ") + "."),
    speaker.aliases.length > 0 && h("p", { class: "note" }, `Also written: ${speaker.aliases.join(", ")}`),
    outlets.length > 1 && h("p", { class: "note" }, "Quoted on targets by " + outlets.slice(0, 8).map(([outlet, number]) => `${outlet} (${number})`).join(", ") + (outlets.length > 8 ? ` and ${outlets.length - 8} more.` : ".")),
    prose(findings.prose.speakers[n], 3),
    sided.length ? [h("h3", {}, "Positions"), positionTable(`Positions of ${speaker.name}`, sided, "Target", (cell) => targetHead(cell.t))] : h("p", {}, "No statement of theirs bears on a target."),
    touched.length > 0 && h("p", { class: "note" }, "Topics touched without a position: ", touched.map((cell, place) => [place ? ", " : "", h("a", { href: cellLink(cell) }, `${topics[targets[cell.t].topic][1]} (${cell.e.length})`)]), "."),
    drawn.length > 0 && [h("h3", {}, "Over time"), drawn.slice(0, 8).map(([cell, figure]) => h("div", { class: "drawn" }, h("h4", {}, h("a", { href: cellLink(cell) }, targets[cell.t].key)), figure, cell.periods && periodPlot(cell, room())))],
  );
};

const targetHead = (t) => [h("a", { href: link("target", targets[t].id) }, hyphenated(targets[t].key)), h("span", { class: "about" }, targets[t].text)];
const speakerHead = (cell) => [h("a", { href: link("speaker", speakers[cell.s].id) }, speakers[cell.s].name), speakers[cell.s].about && h("span", { class: "about" }, speakers[cell.s].about)];

const ROWS = 30;
const standings = (t, title, level) => {
  const all = cellsOf("t", t);
  const byAmount = sized(all.slice(), (cell) => cell.e.length);
  const ordered = (some) => sized(some.slice(), (cell) => (cell.drawn ?? -2) - (speakers[cell.s].unknown ? 5 : 0));
  const place = unfold(byAmount, ROWS, about.row, (some) => positionTable(`${capital(about.rows)} on ${targets[t].key}, from favor to against`, ordered(some), capital(about.row), speakerHead));
  const statementsOf = [...new Map(all.flatMap(pointsOf).map((point) => [point.n, point])).values()];
  return [
    h(level, {}, title),
    h("p", { class: "proposition" }, targets[t].text),
    targets[t].varies && h("p", { class: "note" }, "Each statement has its own object here, so speakers cannot be compared."),
    place,
    timeline(statementsOf, `Statements on ${targets[t].key} over time`, room()),
  ];
};

const targetPage = (id) => {
  const t = targets.findIndex((target) => target.id === id);
  if (t < 0) return missing();
  const topic = topics[targets[t].topic];
  return h("section", { class: "page" }, heading(targets[t].key), h("p", { class: "lead" }, "Topic: ", h("a", { href: link("topic", topic[0]) }, topic[1])), standings(t, "Who stands where", "h3"));
};

const topicPage = (id) => {
  const n = topicAt.get(id);
  if (n == null) return missing();
  const untouched = SIDES[n].length ? "" : "No statement bears on its targets.";
  return h("section", { class: "page" }, heading(topics[n][1]), untouched && h("p", {}, untouched), prose(findings.prose.topics[n], 3), SIDES[n].map((t) => h("section", { class: "target" }, standings(t, h("a", { href: link("target", id === targets[t].key ? id : targets[t].key) }, targets[t].key), "h3"))));
};

const speakersPage = () => {
  const heads = [[capital(about.row)], ["Statements", "number"], ["Articles", "number spare"], ["Speaks most on"]];
  const rows = speakers.map((speaker, n) => {
    const most = sized(cellsOf("s", n).filter((cell) => targets[cell.t].id), (cell) => cell.e.length).slice(0, 3);
    const named = most.map((cell, place) => [place ? ", " : "", h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, hyphenated(targets[cell.t].key)), ` ${sign(cell)}`]);
    return [[h("a", { href: link("speaker", speaker.id) }, speaker.name), speaker.about && h("span", { class: "about" }, speaker.about)], speaker.statements, speaker.articles, named];
  });
  return h("section", { class: "page" }, heading(capital(about.rows)), listTable(`All ${about.rows} of this page`, heads, rows));
};

const topicsPage = () => {
  const heads = [["Target"], ["Statements", "number spare"], [capital(about.rows), "number spare"], ["Most in favor"], ["Most against"]];
  const busiest = sized(topics.map((_, n) => n).filter((n) => SIDES[n].length), (n) => sum(SIDES[n].map((t) => behind(t).size)));
  const rows = busiest.flatMap((n) => [h("a", { href: link("topic", topics[n][0]) }, topics[n][1]), ...SIDES[n].map(targetRow)]);
  return h("section", { class: "page" }, heading("Topics"), listTable("Targets by topic", heads, rows));
};

const behind = (t) => new Set(cellsOf("t", t).flatMap((cell) => cell.e));
const targetRow = (t) => {
  const found = cellsOf("t", t).filter((cell) => !speakers[cell.s].unknown);
  const most = (way) => sized(found.filter((cell) => way * (cell.mean ?? 0) >= 0.1), (cell) => way * cell.drawn).slice(0, 2);
  const named = (way) => most(way).map((cell, place) => [place ? ", " : "", h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, speakers[cell.s].name)]);
  return [targetHead(t), behind(t).size, found.length, named(1), named(-1)];
};

// Rows are lists of cells, the first a row's heading; a row that is no list divides the table.
const listTable = (caption, heads, rows, kind = "") => {
  const cell = (value, n) => h(n ? "td" : "th", { scope: n ? null : "row", class: heads[n][1] }, typeof value === "number" ? value.toLocaleString("en") : value);
  const line = (row) => h("tr", {}, Array.isArray(row) ? row.map(cell) : h("th", { scope: "rowgroup", colspan: heads.length, class: "divider" }, row));
  return h(
    "div", { class: "wide" },
    h(
      "table", { class: "list " + kind },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, heads.map(([text, own]) => h("th", { scope: "col", class: own }, text)))),
      h("tbody", {}, rows.map(line)),
    ),
  );
};

const aboutPage = () =>
  h(
    "section", { class: "page prose" },
    heading("How to read it"),
    h("p", {}, "Every statement that an article attributes to somebody was found, its speaker resolved, and its stance judged against propositions, such as those on the topic pages: in favor, against, or neutral. A model made all of these labels. Read the statements before you print a number."),
    h("p", {}, "A position is (favor − against) / (favor + against + neutral), from −1 to +1. Its 95% interval takes into account that statements of one article are no independent votes. It says how far the counts can be trusted, not whether the labels are right. Colours follow the position drawn toward zero, as by one more statement in favor and one against: little was said where they are pale."),
    h("p", {}, `Unsure statements fall below the model's threshold and are counted in no position. Positions from fewer than ${about.few} articles are outlined. The same words in several articles, as with wire copy, count once. A joint statement counts for each of its speakers.`),
    h("h3", {}, "Keys"),
    h("p", {}, "Arrow keys move through the matrix, Enter opens a cell, Escape closes what is open. The address of the page changes with what it shows, so a cell or a statement can be cited by it."),
    about.warnings.length > 0 && [h("h3", {}, "Beware"), h("ul", {}, about.warnings.map((warning) => h("li", {}, warning)))],
    h("h3", {}, "Made with"),
    h("dl", { class: "versions" }, about.versions.map(([name, value]) => [h("dt", {}, name), h("dd", {}, h("code", {}, value))])),
  );
