// What opens beside a view: the statements of a cell, and an article with its marks.

const PAGE = 40;

const pill = (label, confidence, unsure) =>
  h(
    "span",
    { class: "pill " + (unsure ? "unsure" : label) },
    h("span", { "aria-hidden": "true" }, unsure ? "?" : SIGNS[label]),
    ` ${unsure ? "unsure, " : ""}${label} `,
    h("span", { class: "sure", title: "How sure the model is, from 0 to 1" }, confidence.toFixed(2)),
  );

const where = (article) => [articles[article].outlet, day(articles[article].date)].filter(Boolean).join(", ");

const resolved = (statement) =>
  statement.who.length
    ? statement.who.map(([name, how]) => `${name} (${HOW[how] ?? how})`).join("; ")
    : mention(statement, "source")
      ? "not resolved"
      : "no source in the text";

const card = (number, target, tag = "li") => {
  const statement = statements[number];
  const [, label, confidence, unsure] = stanceOn(statement, target);
  return h(
    tag,
    { class: "card" },
    h("p.over", pill(LABELS[label], confidence, unsure), " ", h("span", where(statement.article))),
    h(
      "blockquote",
      to(
        link("statement", statement.id),
        mention(statement, "cue") && h("span.cue", mention(statement, "cue") + ": "),
        h("span.said", quoted(statement)),
      ),
    ),
    h(
      "p.under",
      `${mention(statement, "source") ? `“${mention(statement, "source")}”: ` : ""}${resolved(statement)}. `,
      h("span.in", articles[statement.article].title ?? articles[statement.article].id),
    ),
    statement.copies && h("p.under", alsoIn(statement)),
  );
};

const alsoIn = (statement) =>
  "Also printed by " +
  statement.copies.map(([outlet, date]) => outlet + (date ? `, ${day(date)}` : "")).join("; ") +
  "; counted once.";

const ORDERS = {
  sure: ["Most certain first", () => 0],
  newest: ["Newest first", (n) => Date.parse(statementDate(n) ?? "") || -Infinity],
  oldest: ["Oldest first", (n) => -(Date.parse(statementDate(n) ?? "") || Infinity)],
};

const cellPanel = (speakerId, targetKey) => {
  const t = targets.findIndex((target) => target.key === targetKey);
  const cell = cellOf.get(speakerAt.get(speakerId) + "/" + t);
  if (!cell) return missing();
  return h(
    "div",
    h(
      "h2",
      { tabindex: "-1" },
      to(link("speaker", speakers[cell.s].id), speakers[cell.s].name),
      " on ",
      targets[t].id ? to(link("target", targets[t].id), targets[t].key) : targets[t].key,
    ),
    targets[t].text && h("p.proposition", targets[t].text),
    h("p.numbers", numbers(cell)),
    statementList(cell),
  );
};

// The statements of a cell, of the label and in the order that the reader chooses.
const statementList = (cell) => {
  const shown = { label: "", order: "sure", amount: PAGE };
  const list = h("ol.cards");
  const rest = h("p.more");
  const turn = (changes) => draw(Object.assign(shown, changes));
  const amounts = [["", cell.e.length], ...STATES.map((state, n) => [state, cell.counts[n]])].filter(([, n]) => n);
  const buttons = amounts.map(([state, number]) => {
    const click = () => turn({ label: state, amount: PAGE });
    const text = state ? `${SIGNS[state]} ${state} ${number}` : `All ${number}`;
    return h("button", { type: "button", value: state, click }, text);
  });
  const draw = () => {
    const points = pointsOf(cell).filter((point) => ["", point.unsure ? "unsure" : point.label].includes(shown.label));
    const kept = sized(
      points.map((point) => point.n),
      ORDERS[shown.order][1],
    );
    const left = kept.length - shown.amount;
    const click = () => turn({ amount: shown.amount + PAGE });
    list.replaceChildren(...kept.slice(0, shown.amount).map((n) => card(n, cell.t)));
    rest.replaceChildren(left > 0 ? h("button", { type: "button", click }, `Show more (${left} left)`) : "");
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === shown.label)));
  };
  const options = Object.entries(ORDERS).map(([name, [text]]) => option(name, text, shown.order));
  const order = h("select", { change: (event) => turn({ order: event.target.value }) }, options);
  draw();
  return [
    h(
      "div.chooser",
      h("div", { role: "group", "aria-label": "Label" }, buttons.length > 2 ? buttons : []),
      cell.e.length > 1 && h("label.field.order", unseen("Order"), order),
    ),
    list,
    rest,
  ];
};

const numbers = (cell) =>
  (cell.mean == null
    ? targets[cell.t].id
      ? "No sure statement, so no position. "
      : "On the topic, without any of its targets. "
    : `${sign(cell)} ${signed(cell.mean)}, 95% interval ${interval(cell)}. `) +
  `${count(cell.e.length, "statement")} in ` +
  count(new Set(cell.e.map((n) => statements[n].article)).size, "article") +
  (cell.few && cell.mean != null ? ": few, and perhaps more about an article than about the speaker." : ".");

const articlePanel = (article, chosenOne) => {
  const { title, id, url, length, text } = articles[article];
  return h(
    "div.article",
    h("h2", { tabindex: "-1" }, title ?? id),
    h(
      "p.over",
      [where(article), id].filter(Boolean).join(" · "),
      /^https?:\/\//.test(url ?? "") && [" · ", h("a", { href: url, rel: "noreferrer" }, "original")],
    ),
    chosenOne != null && chosenBox(chosenOne),
    h(
      "ul",
      { class: "legend", "aria-label": "Marks" },
      ROLES.map((role) => h("li", h("span", { class: "swatch-text " + role }, role))),
    ),
    markedText(article, chosenOne),
    sum(text.map(([, piece]) => size(piece))) < length &&
      note("The passages around statements; the run folder holds the whole article."),
    h("h3", `${count(inArticle[article].length, "statement")} in this article`),
    h(
      "ol.contents",
      inArticle[article].map((n) =>
        h(
          "li",
          h(
            "a",
            { href: link("statement", statements[n].id), "aria-current": n === chosenOne ? "true" : null },
            h("strong", whoSaid(statements[n])),
            " ",
            quoted(statements[n]),
          ),
        ),
      ),
    ),
  );
};

const chosenBox = (number) => {
  const { who, kind, stances, content, copies, article } = statements[number];
  const speaker = ([name, , side, n]) => [
    n >= 0 ? to(link("speaker", speakers[n].id), name) : name,
    side && side !== name ? ` (${side})` : "",
  ];
  const stance = ([t, label, confidence, unsure]) => [
    pill(LABELS[label], confidence, unsure),
    " ",
    targets[t].id ? to(link("target", targets[t].id), targets[t].key) : targets[t].key,
  ];
  const source = mention(statements[number], "source");
  const how = source ? `“${source}” ${who.map(([, by]) => HOW[by] ?? by).join(", ")}` : "no source in the text";
  return h(
    "div.chosen",
    h("p", h("strong", who.length ? listed(who.map(speaker)) : "Unknown speaker"), ` · ${kind} · ${how}`),
    stances.length
      ? h(
          "ul",
          stances.map((one) => h("li", stance(one))),
        )
      : h("p", "Bears on none of the topics."),
    copies && h("p", alsoIn(statements[number])),
    h("p.address", "Place: ", h("code", `${articles[article].id}:${content.map((span) => span.join("-")).join(",")}`)),
  );
};

const missing = () =>
  h(
    "div",
    h("h2", { tabindex: "-1" }, "Not in this report"),
    h("p", "The address names something that this report does not hold."),
  );
