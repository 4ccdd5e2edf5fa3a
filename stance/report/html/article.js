// An article's text with its statements marked: those of the chosen one bright, the others pale.

const ROLES = ["content", "source", "cue"];

const spansOf = (number) => {
  const statement = statements[number];
  return [
    ...statement.content.map(([from, to]) => ({ from, to, role: "content", number })),
    ...["cue", "source"]
      .filter((role) => statement[role])
      .map((role) => ({ from: statement[role][0], to: statement[role][1], role, number })),
  ];
};

const markedText = (article, chosenOne) => {
  const spans = inArticle[article].flatMap(spansOf);
  const ends = new Map(
    inArticle[article].map((number, place) => [
      Math.max(...statements[number].content.map(([, to]) => to)),
      { number, place },
    ]),
  );
  const { text: pieces, length } = articles[article];
  const gap = () => h("p.gap", unseen("Some text left out"), h("span", { "aria-hidden": "true" }, "…"));
  return h(
    "div.text",
    pieces.map(([at, text], n) => [
      (n > 0 || at > 0) && gap(),
      markedPiece(at, text, spans, ends, chosenOne),
      n === pieces.length - 1 && at + size(text) < length && gap(),
    ]),
  );
};

const markedPiece = (at, text, spans, ends, chosenOne) => {
  const letters = PAIRS.test(text) ? Array.from(text) : text;
  const until = at + letters.length;
  const inside = spans.filter(({ from, to }) => from >= at && to <= until);
  const bounds = [...new Set([at, until, ...inside.flatMap(({ from, to }) => [from, to])])].sort(
    (one, other) => one - other,
  );
  const parts = [];
  bounds.slice(0, -1).forEach((from, n) => {
    const to = bounds[n + 1];
    const said = PAIRS.test(text) ? letters.slice(from - at, to - at).join("") : text.slice(from - at, to - at);
    parts.push(
      markedStretch(
        said,
        from,
        to,
        inside.filter((span) => span.from <= from && to <= span.to),
        chosenOne,
      ),
    );
    if (ends.has(to)) parts.push(reference(ends.get(to), chosenOne));
  });
  return h("div.piece", parts);
};

const markedStretch = (said, from, to, covering, chosenOne) => {
  if (!covering.length) return said;
  const own = covering.filter((span) => span.number === chosenOne);
  const roles = ROLES.filter((role) => (own.length ? own : covering).some((span) => span.role === role));
  const inner = sized(covering.slice(), (span) => -(span.to - span.from))[0];
  const open = own.length ? {} : { click: () => (location.hash = link("statement", statements[inner.number].id)) };
  return h(
    "mark",
    { class: [...roles, own.length ? "own" : "other"].join(" "), "data-from": from, "data-to": to, ...open },
    said,
  );
};

const reference = ({ number, place }, chosenOne) =>
  h(
    "a",
    {
      class: "reference",
      href: link("statement", statements[number].id),
      "aria-current": number === chosenOne ? "true" : null,
      "aria-label": `Statement ${place + 1}, ${whoSaid(statements[number])}`,
    },
    String(place + 1),
  );

const whoSaid = (statement) =>
  statement.who.map(([name]) => name).join(", ") || mention(statement, "source") || "unknown speaker";
