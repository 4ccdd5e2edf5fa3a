// Two side by side, who agrees with whom, and coalitions.

const comparePage = (oneId, otherId) => {
  const named = speakers.map((_, n) => n).filter((n) => !speakers[n].unknown);
  const one = speakerAt.get(oneId) ?? named[0];
  const other = speakerAt.get(otherId) ?? named.find((n) => n !== one);
  if (other == null)
    return h("section.page", heading("Compare"), h("p", `There are no two ${about.rows} in this report.`));
  const pick = (label, own, turn) =>
    h(
      "label.field",
      h("span", label),
      h(
        "select",
        { change: (event) => (location.hash = link("compare", ...turn(event.target.value))) },
        named.map((n) => option(speakers[n].id, speakers[n].name, speakers[own].id)),
      ),
    );
  return h(
    "section.page",
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
    .filter(([mine, theirs]) => mine && theirs && targets[mine.t].id && !targets[mine.t].varies && mine.mean != null && theirs.mean != null);
  if (!both.length) return h("p", "They share no target with sure statements.");
  const thin = ([mine, theirs]) => mine.few || theirs.few;
  sized(both, (pair) => (thin(pair) ? 0 : 3) + Math.abs(pair[0].mean - pair[1].mean));
  const told = (cell) => [
    intervalPlot(cell),
    cellTo(cell, `${sign(cell)} ${signed(cell.mean)}`),
    h("span.about", `n ${cell.e.length}${cell.few ? ", few" : ""}`),
  ];
  const heads = [["Target, farthest apart first; few articles last"], [speakers[one].name], [speakers[other].name]];
  return unfold(both, 12, "target", (some) =>
    listTable(
      `${speakers[one].name} and ${speakers[other].name}`,
      heads,
      some.map(([mine, theirs]) => [targetHead(mine.t), told(mine), told(theirs)]),
      "versus",
    ),
  );
};

const pairTold = ([one, other, value, expected, shared]) =>
  `${speakers[one].name} and ${speakers[other].name}: ${signed(value)} over ${count(shared, "target")}; ` +
  `any two: ${signed(expected)}`;

const agreementCell = (row, column, pair) => {
  if (row === column) return h("td.same");
  if (!pair) return h("td");
  const [, , value] = pair;
  const href = link("compare", speakers[row].id, speakers[column].id);
  const look = { class: `cell ${shade({ mean: value, drawn: value })}`, href, title: pairTold(pair) };
  return h("td", h("a", { ...look, "aria-label": pairTold(pair) }, signed(value).replace("0.", ".")));
};

const agreementMatrix = (actors, agreement) => {
  const found = new Map();
  for (const pair of agreement) found.set(pair[0] + "/" + pair[1], pair).set(pair[1] + "/" + pair[0], pair);
  const head = (n, scope) => h("th", { scope }, to(link("speaker", speakers[n].id), speakers[n].name));
  const line = (row) => actors.map((column) => agreementCell(row, column, found.get(row + "/" + column)));
  return h(
    "div.scroll",
    { tabindex: "0", role: "region", "aria-label": "Table of agreement" },
    h(
      "table.matrix.agreement",
      h("caption.unseen", "Agreement of those with most statements"),
      h(
        "thead",
        h(
          "tr",
          h("td.corner"),
          actors.map((n) => head(n, "col")),
        ),
      ),
      h(
        "tbody",
        actors.map((row) => h("tr", head(row, "row"), line(row))),
      ),
    ),
  );
};

const PAIR_HEADS = [
  ["Pair"],
  ["Agreement", "number"],
  ["Any two", "number spare"],
  ["Targets", "number"],
  ["Statements", "number spare"],
];
const pairTable = (title, pairs) => {
  const row = ([one, other, value, expected, shared, amount, telling]) => [
    to(link("compare", speakers[one].id, speakers[other].id), `${speakers[one].name} and ${speakers[other].name}`),
    signed(value) + (telling ? " *" : ""),
    signed(expected),
    shared,
    amount,
  ];
  return pairs.length > 0 && [h("h4", title), listTable(`Pairs: ${title}`, PAIR_HEADS, pairs.map(row))];
};

const agreementTable = () => {
  const { actors, agreement, most, least, notes } = findings;
  if (actors.length < 2) return null;
  return [
    h("h3", "Who agrees with whom"),
    note(notes.agreement),
    agreementMatrix(actors, agreement),
    pairTable("Agree most", most),
    pairTable("Agree least", least),
  ];
};

const coalitionList = () => {
  const { coalitions, notes } = findings;
  if (!coalitions.length) return null;
  const member = (own) => (typeof own === "number" ? to(link("speaker", speakers[own].id), speakers[own].name) : own);
  return [
    h("h3", "Coalitions"),
    note(notes.coalitions),
    coalitions.map((group, n) => [
      h("h4", `Group ${n + 1}: ${group.members.length + group.more} members`),
      h("p", listed(group.members.map(member)), group.more > 0 && ` and ${group.more} more`, "."),
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
