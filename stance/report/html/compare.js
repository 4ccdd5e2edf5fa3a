// Two side by side, who agrees with whom, and coalitions.

const comparePage = (oneId, otherId) => {
  const named = speakers.map((_, n) => n).filter((n) => !speakers[n].unknown);
  const one = speakerAt.get(oneId) ?? named[0],
    other = speakerAt.get(otherId) ?? named[1];
  if (other == null)
    return h(
      "section",
      { class: "page" },
      heading("Compare"),
      h("p", {}, `There are no two ${about.rows} in this report.`),
    );
  const pick = (label, own, turn) =>
    h(
      "label",
      { class: "field" },
      h("span", {}, label),
      h(
        "select",
        { change: (event) => (location.hash = link("compare", ...turn(event.target.value))) },
        named.map((n) => option(speakers[n].id, speakers[n].name, speakers[own].id)),
      ),
    );
  return h(
    "section",
    { class: "page" },
    heading("Compare"),
    h(
      "form",
      { class: "filters", "aria-label": "Two to compare", submit: (event) => event.preventDefault() },
      pick("One", one, (id) => [id, speakers[other].id]),
      pick("The other", other, (id) => [speakers[one].id, id]),
    ),
    sideBySide(one, other),
    agreementTable(),
    coalitionList(),
  );
};

const sideBySide = (one, other) => {
  const both = targets
    .map((_, t) => [cellOf.get(one + "/" + t), cellOf.get(other + "/" + t)])
    .filter(([mine, theirs]) => mine && theirs && targets[mine.t].id && mine.mean != null && theirs.mean != null);
  if (!both.length) return h("p", {}, "They share no target with sure statements.");
  sized(both, ([mine, theirs]) => Math.abs(mine.drawn - theirs.drawn));
  const told = (cell) => [
    intervalPlot(cell),
    h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, `${sign(cell)} ${signed(cell.mean)}`),
    h("span", { class: "about" }, `n ${cell.e.length}${cell.few ? ", few" : ""}`),
  ];
  const heads = [["Target, farthest apart first"], [speakers[one].name], [speakers[other].name]];
  return unfold(both, 12, "target", (some) =>
    listTable(
      `${speakers[one].name} and ${speakers[other].name}`,
      heads,
      some.map(([mine, theirs]) => [targetHead(mine.t), told(mine), told(theirs)]),
      "versus",
    ),
  );
};

const agreementShade = (value) => shade({ mean: value, drawn: value });

const agreementTable = () => {
  const { actors, agreement, most, least, notes } = findings;
  if (actors.length < 2) return null;
  const found = new Map(
    agreement.flatMap((pair) => [
      [pair[0] + "/" + pair[1], pair],
      [pair[1] + "/" + pair[0], pair],
    ]),
  );
  const told = ([one, other, value, expected, shared]) =>
    `${speakers[one].name} and ${speakers[other].name}: ${signed(value)} over ${count(shared, "target")}; ` +
    `any two: ${signed(expected)}`;
  const square = (row, column) => {
    const pair = found.get(row + "/" + column);
    if (row === column) return h("td", { class: "same" });
    return h(
      "td",
      {},
      pair &&
        h(
          "a",
          {
            class: "cell " + agreementShade(pair[2]),
            href: link("compare", speakers[row].id, speakers[column].id),
            title: told(pair),
            "aria-label": told(pair),
          },
          signed(pair[2]).replace("0.", "."),
        ),
    );
  };
  const rows = (pairs) =>
    pairs.map((pair) => [
      to(
        link("compare", speakers[pair[0]].id, speakers[pair[1]].id),
        `${speakers[pair[0]].name} and ${speakers[pair[1]].name}`,
      ),
      signed(pair[2]) + (pair[6] ? " *" : ""),
      signed(pair[3]),
      pair[4],
      pair[5],
    ]);
  const heads = [
    ["Pair"],
    ["Agreement", "number"],
    ["Any two", "number spare"],
    ["Targets", "number"],
    ["Statements", "number spare"],
  ];
  return [
    h("h3", {}, "Who agrees with whom"),
    note(notes.agreement),
    h(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of agreement" },
      h(
        "table",
        { class: "matrix agreement" },
        h("caption", { class: "unseen" }, "Agreement of those with most statements"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", { class: "corner" }),
            actors.map((n) => h("th", { scope: "col" }, to(link("speaker", speakers[n].id), speakers[n].name))),
          ),
        ),
        h(
          "tbody",
          {},
          actors.map((row) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, to(link("speaker", speakers[row].id), speakers[row].name)),
              actors.map((column) => square(row, column)),
            ),
          ),
        ),
      ),
    ),
    most.length > 0 && [h("h4", {}, "Agree most"), listTable("Pairs that agree most", heads, rows(most))],
    least.length > 0 && [h("h4", {}, "Agree least"), listTable("Pairs that agree least", heads, rows(least))],
  ];
};

const coalitionList = () => {
  const { coalitions, notes } = findings;
  if (!coalitions.length) return null;
  const member = (own, place) => [
    place ? ", " : "",
    typeof own === "number" ? to(link("speaker", speakers[own].id), speakers[own].name) : own,
  ];
  const apart = ([name, own, other], place) => `${place ? "; " : ""}${name} ${signed(own)} (others ${signed(other)})`;
  return [
    h("h3", {}, "Coalitions"),
    note(notes.coalitions),
    coalitions.map((group, n) => [
      h("h4", {}, `Group ${n + 1}: ${group.members.length + group.more} members`),
      h("p", {}, group.members.map(member), group.more > 0 && ` and ${group.more} more`, "."),
      apartFrom(group),
    ]),
  ];
};

const apartFrom = (group) => {
  const outside = group.outside == null ? "" : `, with others ${signed(group.outside)}`;
  const apart = group.apart.map(([name, own, other]) => `${name} ${signed(own)} (others ${signed(other)})`).join("; ");
  const far = apart && ` Farthest from the others on ${apart}.`;
  return note(`Agreement inside ${signed(group.inside)}${outside}.${far}`);
};
