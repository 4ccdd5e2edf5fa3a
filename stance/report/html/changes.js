// The summary in prose, and what changed.

// A sentence is followed by links to what it rests on: the statements that it quotes, or the cells that it counts.
const prose = (paragraphs, amount = Infinity) =>
  paragraphs &&
  h(
    "div.told",
    unfold(paragraphs, amount, "paragraph", (some) => some.map(paragraph)),
  );

const paragraph = (sentences) => {
  let quotes = 0;
  const told = ([text, evidence, counted, more]) => {
    const links = evidence.length ? evidence.map((n) => quoteLink(n, quotes++)) : counted.map(countLink);
    return [text, links.some(Boolean) && h("sup", links, !evidence.length && more > 0 && "…"), " "];
  };
  return h("p", sentences.map(told));
};

const quoteLink = (n, place) => {
  const letter = String.fromCharCode(97 + (place % 26));
  return h("a", { href: link("statement", statements[n].id), "aria-label": `Statement ${letter}` }, letter);
};

const countLink = ([row, t, amount]) => {
  const name = row >= 0 && speakers[row].name;
  const target = t >= 0 && targets[t].key;
  if (!name && !target) return null;
  const address = !target
    ? ["speaker", speakers[row].id]
    : !name
      ? ["target", target]
      : ["cell", speakers[row].id, target];
  const told = `${count(amount, "statement")}: ${[name, target].filter(Boolean).join(" on ")}`;
  return h("a", { href: link(...address), title: told, "aria-label": told }, amount.toLocaleString("en"));
};

const summaryPage = () => {
  const { run, dropped, modelled } = findings.prose;
  const first = (kind, rows, name, amount) =>
    Object.keys(findings.prose[kind])
      .slice(0, amount)
      .map((n) => [
        h(
          "h4",
          to(link(kind === "topics" ? "topic" : "speaker", rows[n][kind === "topics" ? 0 : "id"]), name(rows[n])),
        ),
        prose(findings.prose[kind][n], 2),
      ]);
  return h(
    "section.page",
    heading("Summary"),
    note(
      (modelled
        ? "Written from the labels, on single targets by a language model. "
        : "Written from the labels, by rules, without a language model. ") +
        "Letters lead to statements that a sentence quotes, numbers to those that it counts.",
    ),
    dropped > 0 &&
      note(`${count(dropped, "sentence")} of the language model left out: the statements do not support them.`),
    prose(run) ?? h("p", "No statement bears on a target."),
    h("h3", `The ${about.rows} with most statements`),
    first("speakers", speakers, (row) => row.name, 6),
    h("h3", "By topic"),
    first("topics", topics, (row) => row[1], topics.length),
  );
};

const changesPage = () => {
  const { shifts, contradictions, notes } = findings;
  const moved = shifts.map((shift) => [
    [
      to(
        link("cell", speakers[shift.s].id, targets[shift.t].key),
        `${speakers[shift.s].name} on ${targets[shift.t].key}`,
      ),
    ],
    day(shift.day),
    `${sign(shift.before)} ${signed(shift.before.mean)} (${sum(shift.before.counts.slice(0, 3))})`,
    `${sign(shift.after)} ${signed(shift.after.mean)} (${sum(shift.after.counts.slice(0, 3))})`,
  ]);
  return h(
    "section.page",
    heading("Changes"),
    h("h3", "Shifts"),
    note(notes.shifts),
    moved.length
      ? listTable("Positions that shifted", [["Position"], ["Since"], ["Before"], ["After"]], moved)
      : h("p", "No shift was found."),
    h("h3", "Contradictions"),
    note(notes.contradictions),
    contradictions.length
      ? h(
          "ul.pairwise",
          contradictions.map((found) =>
            h(
              "li.contradiction",
              h(
                "h4",
                to(
                  link("cell", speakers[found.s].id, targets[found.t].key),
                  `${speakers[found.s].name} on ${targets[found.t].key}`,
                ),
                ` (${found.counts[0]} in favor, ${found.counts[1]} against)`,
              ),
              found.e.map((n) => card(n, found.t, "div")),
            ),
          ),
        )
      : h("p", "None was found."),
    notes.left_out > 0 && note(`${count(notes.left_out, "more contradiction")} left out.`),
  );
};
