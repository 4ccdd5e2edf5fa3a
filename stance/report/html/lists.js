// Tables, and the lists of all speakers and of all topics.

const heading = (text, ...rest) => [h("h2", { id: "title", tabindex: "-1" }, text), rest];

const cellsOf = (key, number) => cells.filter((cell) => cell[key] === number);

const positionTable = (caption, found, head, first) => {
  const ends = [h("span", "▼", h("span.word", " against")), h("span", h("span.word", "favor "), "▲")];
  const counts = STATES.map((state) => h("th", { scope: "col", class: "number count" }, capital(state)));
  const heads = [
    h("th", { scope: "col" }, head),
    h("th", { scope: "col", class: "plot" }, h("span.ends", ends)),
    h("th", { scope: "col", class: "number" }, "Position"),
    counts,
  ];
  return h(
    "div.wide",
    h(
      "table.positions",
      h("caption.unseen", caption),
      h("thead", h("tr", heads)),
      h(
        "tbody",
        found.map((cell) => positionRow(cell, first(cell))),
      ),
    ),
  );
};

const positionRow = (cell, head) =>
  h(
    "tr",
    h("th", { scope: "row" }, head),
    h("td.plot", intervalPlot(cell)),
    h(
      "td.number",
      cellTo(cell, cell.mean == null ? "–" : `${sign(cell)} ${signed(cell.mean)}`),
      h("span.about", cell.mean == null ? "nothing sure" : `${cell.few ? "few, " : ""}n ${cell.e.length}`),
    ),
    cell.counts.map((number) => h("td", { class: "number count" + (number ? "" : " nil") }, number)),
  );

const targetHead = (t) => [
  to(link("target", targets[t].id), hyphenated(targets[t].key)),
  h("span.about", targets[t].text),
];

const speakerHead = (cell) => [
  to(link("speaker", speakers[cell.s].id), speakers[cell.s].name),
  speakers[cell.s].about && h("span.about", speakers[cell.s].about),
];

// Rows are lists of cells, the first a row's heading; a row that is no list divides the table.
const listTable = (caption, heads, rows, kind = "") => {
  const cell = (value, n) =>
    h(
      n ? "td" : "th",
      { scope: n ? null : "row", class: heads[n][1] },
      typeof value === "number" ? value.toLocaleString("en") : value,
    );
  const line = (row) =>
    h(
      "tr",
      Array.isArray(row) ? row.map(cell) : h("th", { scope: "rowgroup", colspan: heads.length, class: "divider" }, row),
    );
  return h(
    "div.wide",
    h(
      "table",
      { class: "list " + kind },
      h("caption.unseen", caption),
      h(
        "thead",
        h(
          "tr",
          heads.map(([text, own]) => h("th", { scope: "col", class: own }, text)),
        ),
      ),
      h("tbody", rows.map(line)),
    ),
  );
};

const speakersPage = () => {
  const heads = [[capital(about.row)], ["Statements", "number"], ["Articles", "number spare"], ["Speaks most on"]];
  const rows = speakers.map((speaker, n) => {
    const most = sized(
      cellsOf("s", n).filter((cell) => targets[cell.t].id),
      (cell) => cell.e.length,
    ).slice(0, 3);
    const named = listed(most.map((cell) => [cellTo(cell, hyphenated(targets[cell.t].key)), ` ${sign(cell)}`]));
    return [
      [to(link("speaker", speaker.id), speaker.name), speaker.about && h("span.about", speaker.about)],
      speaker.statements,
      speaker.articles,
      named,
    ];
  });
  return h("section.page", heading(capital(about.rows)), listTable(`All ${about.rows} of this page`, heads, rows));
};

const topicsPage = () => {
  const heads = [
    ["Target"],
    ["Statements", "number spare"],
    [capital(about.rows), "number spare"],
    ["Most in favor"],
    ["Most against"],
  ];
  const busiest = sized(
    topics.map((_, n) => n).filter((n) => SIDES[n].length),
    (n) => sum(SIDES[n].map((t) => behind(t).size)),
  );
  const rows = busiest.flatMap((n) => [to(link("topic", topics[n][0]), topics[n][1]), ...SIDES[n].map(targetRow)]);
  return h("section.page", heading("Topics"), listTable("Targets by topic", heads, rows));
};

const behindCells = (some) => new Set(some.flatMap((cell) => cell.e));
const behind = (t) => behindCells(cellsOf("t", t));

const targetRow = (t) => {
  const found = cellsOf("t", t).filter((cell) => !speakers[cell.s].unknown);
  const most = (way) =>
    sized(
      found.filter((cell) => way * (cell.mean ?? 0) >= 0.1),
      (cell) => way * cell.drawn,
    ).slice(0, 2);
  const named = (way) => listed(most(way).map((cell) => cellTo(cell, speakers[cell.s].name)));
  return [targetHead(t), behind(t).size, found.length, named(1), named(-1)];
};
