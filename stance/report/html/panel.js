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
    h("p", { class: "over" }, pill(LABELS[label], confidence, unsure), " ", h("span", {}, where(statement.article))),
    h(
      "blockquote",
      {},
      to(
        link("statement", statement.id),
        mention(statement, "cue") && h("span", { class: "cue" }, mention(statement, "cue") + ": "),
        h("span", { class: "said" }, quoted(statement)),
      ),
    ),
    h(
      "p",
      { class: "under" },
      `${mention(statement, "source") ? `“${mention(statement, "source")}”: ` : ""}${resolved(statement)}. `,
      h("span", { class: "in" }, articles[statement.article].title ?? articles[statement.article].id),
    ),
    statement.copies && h("p", { class: "under" }, alsoIn(statement)),
  );
};

const alsoIn = (statement) =>
  "Also printed by " +
  statement.copies.map(([outlet, date]) => outlet + (date ? `, ${day(date)}` : "")).join("; ") +
  "; counted once.";

const ORDERS = {
  sure: ["Most certain first", (n) => 0],
  newest: ["Newest first", (n) => Date.parse(statementDate(n) ?? "") || -Infinity],
  oldest: ["Oldest first", (n) => -(Date.parse(statementDate(n) ?? "") || Infinity)],
};

const cellPanel = (speakerId, targetKey) => {
  const t = targets.findIndex((target) => target.key === targetKey);
  const cell = cellOf.get(speakerAt.get(speakerId) + "/" + t);
  if (!cell) return missing();
  const list = h("ol", { class: "cards" });
  const rest = h("p", { class: "more" });
  const shown = { label: "", order: "sure", amount: PAGE };
  const draw = () => {
    const kept = pointsOf(cell)
      .filter((point) => !shown.label || (point.unsure ? "unsure" : point.label) === shown.label)
      .map((point) => point.n);
    const order = ORDERS[shown.order][1];
    if (shown.order !== "sure") kept.sort((one, other) => order(other) - order(one) || one - other);
    list.replaceChildren(...kept.slice(0, shown.amount).map((n) => card(n, t)));
    rest.replaceChildren(
      ...(kept.length > shown.amount
        ? [
            h(
              "button",
              { type: "button", click: () => ((shown.amount += PAGE), draw()) },
              `Show more (${kept.length - shown.amount} left)`,
            ),
          ]
        : []),
    );
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === shown.label)));
  };
  const names = [...LABELS, "unsure"];
  const buttons = ["", ...names.filter((name) => cell.counts[names.indexOf(name)])].map((name) =>
    h(
      "button",
      { type: "button", value: name, click: () => ((shown.label = name), (shown.amount = PAGE), draw()) },
      name ? `${SIGNS[name]} ${name} ${cell.counts[names.indexOf(name)]}` : `All ${cell.e.length}`,
    ),
  );
  const order = h(
    "label",
    { class: "field order" },
    unseen("Order"),
    h(
      "select",
      { change: (event) => ((shown.order = event.target.value), draw()) },
      Object.entries(ORDERS).map(([name, [text]]) => option(name, text, shown.order)),
    ),
  );
  draw();
  return h(
    "div",
    {},
    h(
      "h2",
      { tabindex: "-1" },
      to(link("speaker", speakers[cell.s].id), speakers[cell.s].name),
      " on ",
      targets[t].id ? to(link("target", targets[t].id), targets[t].key) : targets[t].key,
    ),
    targets[t].text && h("p", { class: "proposition" }, targets[t].text),
    h("p", { class: "numbers" }, numbers(cell)),
    h(
      "div",
      { class: "chooser" },
      h("div", { role: "group", "aria-label": "Label" }, buttons.length > 2 ? buttons : []),
      cell.e.length > 1 && order,
    ),
    list,
    rest,
  );
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
    "div",
    { class: "article" },
    h("h2", { tabindex: "-1" }, title ?? id),
    h(
      "p",
      { class: "over" },
      [where(article), id].filter(Boolean).join(" · "),
      /^https?:\/\//.test(url ?? "") && [" · ", h("a", { href: url, rel: "noreferrer" }, "original")],
    ),
    chosenOne != null && chosenBox(chosenOne),
    h(
      "ul",
      { class: "legend", "aria-label": "Marks" },
      ROLES.map((role) => h("li", {}, h("span", { class: "swatch-text " + role }, role))),
    ),
    markedText(article, chosenOne),
    sum(text.map(([, piece]) => size(piece))) < length &&
      note("The passages around statements; the run folder holds the whole article."),
    h("h3", {}, `${count(inArticle[article].length, "statement")} in this article`),
    h(
      "ol",
      { class: "contents" },
      inArticle[article].map((n) =>
        h(
          "li",
          {},
          h(
            "a",
            { href: link("statement", statements[n].id), "aria-current": n === chosenOne ? "true" : null },
            h("strong", {}, whoSaid(statements[n])),
            " ",
            quoted(statements[n]),
          ),
        ),
      ),
    ),
  );
};

const chosenBox = (number) => {
  const statement = statements[number];
  return h(
    "div",
    { class: "chosen" },
    h(
      "p",
      {},
      h(
        "strong",
        {},
        statement.who.length
          ? statement.who.map(([name, , side, n], place) => [
              place ? ", " : "",
              n >= 0 ? to(link("speaker", speakers[n].id), name) : name,
              side && side !== name ? ` (${side})` : "",
            ])
          : "Unknown speaker",
      ),
      ` · ${statement.kind} · `,
      mention(statement, "source")
        ? `“${mention(statement, "source")}” ${statement.who.map(([, how]) => HOW[how] ?? how).join(", ")}`
        : "no source in the text",
    ),
    statement.stances.length
      ? h(
          "ul",
          {},
          statement.stances.map(([t, label, confidence, unsure]) =>
            h(
              "li",
              {},
              pill(LABELS[label], confidence, unsure),
              " ",
              targets[t].id ? to(link("target", targets[t].id), targets[t].key) : targets[t].key,
            ),
          ),
        )
      : h("p", {}, "Bears on none of the topics."),
    statement.copies && h("p", {}, alsoIn(statement)),
    h(
      "p",
      { class: "address" },
      "Place: ",
      h("code", {}, `${articles[statement.article].id}:${statement.content.map((span) => span.join("-")).join(",")}`),
    ),
  );
};

const missing = () =>
  h(
    "div",
    {},
    h("h2", { tabindex: "-1" }, "Not in this report"),
    h("p", {}, "The address names something that this report does not hold."),
  );
