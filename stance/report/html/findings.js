// What was found over the cells: the summary in prose, changes, and comparisons of two.

// A sentence is followed by links to what it rests on: the statements that it quotes, or the cells that it counts.
const prose = (paragraphs, amount = Infinity) =>
  paragraphs && h("div", { class: "told" }, unfold(paragraphs, amount, "paragraph", (some) => some.map((sentences) => h("p", {}, sentences.map((one) => [one[0], references(one), " "])))));

const references = ([, evidence, counted]) => {
  const quotes = evidence.map((n, place) => h("a", { href: link("statement", statements[n].id), "aria-label": `Statement ${place + 1} quoted here` }, String.fromCharCode(97 + place)));
  const cellRefs = counted.map(([row, t, amount]) => {
    const told = [row >= 0 && speakers[row].name, t >= 0 && targets[t].key].filter(Boolean).join(" on ");
    const to = row >= 0 && t >= 0 ? ["cell", speakers[row].id, targets[t].key] : row >= 0 ? ["speaker", speakers[row].id] : t >= 0 && ["target", targets[t].key];
    const number = amount.toLocaleString("en");
    return to && h("a", { href: link(...to), "aria-label": `${count(amount, "statement")}: ${told}`, title: `${count(amount, "statement")}: ${told}` }, number);
  });
  const found = (quotes.length ? quotes : cellRefs).filter(Boolean);
  return found.length > 0 && h("sup", {}, found);
};

const summaryPage = () => {
  const { run, dropped } = findings.prose;
  const first = (kind, rows, name, amount) =>
    Object.keys(findings.prose[kind]).slice(0, amount).map((n) => [h("h4", {}, h("a", { href: link(kind === "topics" ? "topic" : "speaker", rows[n][kind === "topics" ? 0 : "id"]) }, name(rows[n]))), prose(findings.prose[kind][n], 2)]);
  return h(
    "section", { class: "page" },
    heading("Summary"),
    h("p", { class: "note" }, "Written from the labels. Letters lead to the statements that a sentence quotes, numbers to those that it counts."),
    dropped > 0 && h("p", { class: "note" }, `${count(dropped, "sentence")} of the language model left out: the statements do not support them.`),
    prose(run) ?? h("p", {}, "No statement bears on a target."),
    h("h3", {}, `The ${about.rows} with most statements`),
    first("speakers", speakers, (row) => row.name, 6),
    h("h3", {}, "By topic"),
    first("topics", topics, (row) => row[1], topics.length),
  );
};

const changesPage = () => {
  const { shifts, contradictions, notes } = findings;
  const moved = shifts.map((shift) => [
    [h("a", { href: link("cell", speakers[shift.s].id, targets[shift.t].key) }, `${speakers[shift.s].name} on ${targets[shift.t].key}`)],
    day(shift.day),
    `${sign(shift.before)} ${signed(shift.before.mean)} (${sum(shift.before.counts.slice(0, 3))})`,
    `${sign(shift.after)} ${signed(shift.after.mean)} (${sum(shift.after.counts.slice(0, 3))})`,
  ]);
  const rest = notes.contradictions - contradictions.length;
  return h(
    "section", { class: "page" },
    heading("Changes"),
    h("h3", {}, "Shifts"),
    h("p", { class: "note" }, `${notes.tested} series of at least ${notes.series} dated articles were tested for one change at an unknown time (Pettitt's test, false discovery rate ${notes.false_shifts * 100}%).`),
    moved.length ? listTable("Positions that shifted", [["Position"], ["Since"], ["Before"], ["After"]], moved) : h("p", {}, "No shift was found."),
    h("h3", {}, "Contradictions"),
    h("p", { class: "note" }, `Statements on opposite sides of a target, both with confidence ${notes.confident} or more; of each side the surest, the earlier one first. Read both before believing it: either label may be wrong.`),
    contradictions.length
      ? h("ul", { class: "pairwise" }, contradictions.map((found) => h("li", { class: "contradiction" }, h("h4", {}, h("a", { href: link("cell", speakers[found.s].id, targets[found.t].key) }, `${speakers[found.s].name} on ${targets[found.t].key}`), ` (${found.counts[0]} in favor, ${found.counts[1]} against)`), found.e.map((n) => card(n, found.t, "div")))))
      : h("p", {}, "None was found."),
    rest > 0 && h("p", { class: "note" }, `${count(rest, "more contradiction")} left out.`),
  );
};

const comparePage = (oneId, otherId) => {
  const named = speakers.map((_, n) => n).filter((n) => !speakers[n].unknown);
  const one = speakerAt.get(oneId) ?? named[0], other = speakerAt.get(otherId) ?? named[1];
  if (other == null) return h("section", { class: "page" }, heading("Compare"), h("p", {}, `There are no two ${about.rows} in this report.`));
  const pick = (label, own, turn) => h("label", { class: "field" }, h("span", {}, label), h("select", { change: (event) => (location.hash = link("compare", ...turn(event.target.value))) }, named.map((n) => option(speakers[n].id, speakers[n].name, speakers[own].id))));
  return h(
    "section", { class: "page" },
    heading("Compare"),
    h("form", { class: "filters", "aria-label": "Two to compare", submit: (event) => event.preventDefault() }, pick("One", one, (id) => [id, speakers[other].id]), pick("The other", other, (id) => [speakers[one].id, id])),
    sideBySide(one, other),
    agreementTable(),
    coalitionList(),
  );
};

const sideBySide = (one, other) => {
  const both = targets.map((_, t) => [cellOf.get(one + "/" + t), cellOf.get(other + "/" + t)]).filter(([mine, theirs]) => mine && theirs && targets[mine.t].id && mine.mean != null && theirs.mean != null);
  if (!both.length) return h("p", {}, "They share no target with sure statements.");
  sized(both, ([mine, theirs]) => Math.abs(mine.drawn - theirs.drawn));
  const told = (cell) => [intervalPlot(cell), h("a", { href: cellLink(cell), "aria-label": spoken(cell) }, `${sign(cell)} ${signed(cell.mean)}`), h("span", { class: "about" }, `n ${cell.e.length}${cell.few ? ", few" : ""}`)];
  const heads = [["Target, farthest apart first"], [speakers[one].name], [speakers[other].name]];
  return unfold(both, 12, "target", (some) => listTable(`${speakers[one].name} and ${speakers[other].name}`, heads, some.map(([mine, theirs]) => [targetHead(mine.t), told(mine), told(theirs)]), "versus"));
};

const agreementShade = (value) => shade({ mean: value, drawn: value });
const agreementTable = () => {
  const { actors, agreement, most, least, notes } = findings;
  if (actors.length < 2) return null;
  const found = new Map(agreement.flatMap((pair) => [[pair[0] + "/" + pair[1], pair], [pair[1] + "/" + pair[0], pair]]));
  const told = ([one, other, value, expected, shared]) => `${speakers[one].name} and ${speakers[other].name}: ${signed(value)} over ${count(shared, "target")}; any two: ${signed(expected)}`;
  const square = (row, column) => {
    const pair = found.get(row + "/" + column);
    if (row === column) return h("td", { class: "same" });
    return h("td", {}, pair && h("a", { class: "cell " + agreementShade(pair[2]), href: link("compare", speakers[row].id, speakers[column].id), title: told(pair), "aria-label": told(pair) }, signed(pair[2]).replace("0.", ".")));
  };
  const rows = (pairs) => pairs.map((pair) => [h("a", { href: link("compare", speakers[pair[0]].id, speakers[pair[1]].id) }, `${speakers[pair[0]].name} and ${speakers[pair[1]].name}`), signed(pair[2]) + (pair[6] ? " *" : ""), signed(pair[3]), pair[4], pair[5]]);
  const heads = [["Pair"], ["Agreement", "number"], ["Any two", "number spare"], ["Targets", "number"], ["Statements", "number spare"]];
  return [
    h("h3", {}, "Who agrees with whom"),
    h("p", { class: "note" }, `Over at least ${notes.shared} shared targets: the chance that a statement of each takes the same side, less the chance of opposite sides. +1 is full agreement, −1 full disagreement. An asterisk marks pairs that differ from any two by more than chance.`),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of agreement" }, h(
      "table", { class: "matrix agreement" },
      h("caption", { class: "unseen" }, "Agreement of those with most statements"),
      h("thead", {}, h("tr", {}, h("td", { class: "corner" }), actors.map((n) => h("th", { scope: "col" }, h("a", { href: link("speaker", speakers[n].id) }, speakers[n].name))))),
      h("tbody", {}, actors.map((row) => h("tr", {}, h("th", { scope: "row" }, h("a", { href: link("speaker", speakers[row].id) }, speakers[row].name)), actors.map((column) => square(row, column))))),
    )),
    most.length > 0 && [h("h4", {}, "Agree most"), listTable("Pairs that agree most", heads, rows(most))],
    least.length > 0 && [h("h4", {}, "Agree least"), listTable("Pairs that agree least", heads, rows(least))],
  ];
};

const coalitionList = () => {
  const { coalitions, notes } = findings;
  if (!coalitions.length) return null;
  const member = (own, place) => [place ? ", " : "", typeof own === "number" ? h("a", { href: link("speaker", speakers[own].id) }, speakers[own].name) : own];
  const apart = ([name, own, other], place) => `${place ? "; " : ""}${name} ${signed(own)} (others ${signed(other)})`;
  return [
    h("h3", {}, "Coalitions"),
    h("p", { class: "note" }, `Who agrees on contested targets (${notes.sides} or more on either side): Louvain communities of the network of agreement.`),
    coalitions.map((group, n) => [
      h("h4", {}, `Group ${n + 1}: ${group.members.length + group.more} members`),
      h("p", {}, group.members.map(member), group.more > 0 && ` and ${group.more} more`, "."),
      h("p", { class: "note" }, `Agreement inside ${signed(group.inside)}${group.outside == null ? "" : `, with others ${signed(group.outside)}`}. ${group.apart.length ? "Farthest from the others on " : ""}`, group.apart.map(apart), group.apart.length > 0 && "."),
    ]),
  ];
};
