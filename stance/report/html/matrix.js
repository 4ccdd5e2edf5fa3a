// The matrix: speakers down, targets across, a link in each cell. Filters choose rows and columns, no numbers.

const view = { find: "", topic: "", side: "", firm: false, sort: "amount", rows: 20, columns: 12 };

const choice = (label, name, options) =>
  h(
    "label",
    { class: "field" },
    h("span", {}, label),
    h("select", { name, change: (event) => choose(name, event.target.value) }, options),
  );
const option = (value, text, chosen) => h("option", { value, selected: value === chosen }, text);

const choose = (name, value) => {
  view[name] = value;
  drawMatrix();
};

const matrixPage = () => {
  const sides = new Map();
  for (const speaker of speakers)
    if (speaker.side) sides.set(speaker.side, (sides.get(speaker.side) ?? 0) + speaker.statements);
  const grouped = (named) =>
    topics.map(
      ([id, label], n) =>
        SIDES[n].length > 0 &&
        h(
          "optgroup",
          { label },
          named(id, label),
          SIDES[n].map((t) => option("target:" + t, targets[t].key, view.topic)),
        ),
    );
  return h(
    "section",
    { class: "matrix-view", "aria-labelledby": "title" },
    h("h2", { id: "title", tabindex: "-1" }, "Who stands where"),
    h(
      "p",
      { class: "lead" },
      `A cell is the position of one ${about.row} on one target, from −1 (against) to +1 (in favor). `,
      "Open it to read the statements behind it.",
    ),
    h(
      "form",
      {
        class: "filters",
        role: "search",
        "aria-label": "Rows and columns of the matrix",
        submit: (event) => event.preventDefault(),
      },
      h(
        "label",
        { class: "field" },
        h("span", {}, `Find a ${about.row}`),
        h("input", {
          type: "search",
          name: "find",
          value: view.find,
          autocomplete: "off",
          input: (event) => choose("find", event.target.value),
        }),
      ),
      choice("Topic", "topic", [
        option("", "All topics", view.topic),
        grouped((id, label) => option("topic:" + topicAt.get(id), `All of ${label}`, view.topic)),
      ]),
      sides.size > 1 &&
        choice("Speaks for", "side", [
          option("", "Anyone", view.side),
          sized([...sides.keys()], (side) => sides.get(side)).map((side) => option(side, side, view.side)),
        ]),
      choice("Order", "sort", [
        option("amount", "Most statements", view.sort),
        option("name", "Name", view.sort),
        topics.map(
          ([, label], n) =>
            SIDES[n].length > 0 &&
            h(
              "optgroup",
              { label: `In favor first: ${label}` },
              SIDES[n].map((t) => option(String(t), targets[t].key, view.sort)),
            ),
        ),
      ]),
      h(
        "label",
        { class: "tick" },
        h("input", { type: "checkbox", checked: view.firm, change: (event) => choose("firm", event.target.checked) }),
        h("span", {}, `Only positions from ${about.few} articles or more`),
      ),
    ),
    legend(),
    h("div", { id: "matrix" }),
  );
};

const legend = () =>
  h(
    "ul",
    { class: "legend", "aria-label": "How cells are marked" },
    [
      ["against3", "▼", "against"],
      ["even", "●", "in between"],
      ["favor3", "▲", "in favor"],
    ].map(([tone, mark, text]) =>
      h("li", {}, h("span", { class: "swatch " + tone, "aria-hidden": "true" }, mark), text),
    ),
    h("li", {}, h("span", { class: "swatch", "aria-hidden": "true" }, "△▽"), "hollow: the interval holds zero"),
    h(
      "li",
      {},
      h("span", { class: "swatch favor2 few", "aria-hidden": "true" }, "△"),
      `outlined: fewer than ${about.few} articles`,
    ),
    h("li", {}, h("span", { class: "swatch none", "aria-hidden": "true" }, "?"), "only unsure statements"),
    h("li", {}, h("span", { class: "swatch", "aria-hidden": "true" }, "7"), "statements behind the cell"),
  );

const wantedTargets = () => {
  const [kind, number] = view.topic.split(":");
  if (kind === "target") return [Number(number)];
  if (kind === "topic") return SIDES[number];
  return targets.map((_, t) => t).filter((t) => targets[t].id);
};

const chosen = () => {
  const find = view.find.trim().toLocaleLowerCase();
  const usable = (cell) => cell && (!view.firm || (!cell.few && cell.mean != null));
  const all = wantedTargets();
  let rows = speakers
    .map((_, n) => n)
    .filter((n) => {
      const speaker = speakers[n];
      return (
        (!view.side || speaker.side === view.side) &&
        [speaker.name, speaker.about, ...speaker.aliases].join(" ").toLocaleLowerCase().includes(find)
      );
    });
  rows = rows.filter((n) => all.some((t) => usable(cellOf.get(n + "/" + t))));
  const columns = all.filter((t) => rows.some((n) => usable(cellOf.get(n + "/" + t))));
  const inColumns = (n) => sum(columns.map((t) => cellOf.get(n + "/" + t)?.e.length ?? 0));
  if (view.sort === "name") rows.sort((one, other) => speakers[one].name.localeCompare(speakers[other].name, "en"));
  else if (view.sort === "amount") view.topic ? sized(rows, inColumns) : sized(rows, (n) => speakers[n].statements);
  else sized(rows, (n) => cellOf.get(n + "/" + view.sort)?.drawn ?? (cellOf.has(n + "/" + view.sort) ? -2 : -3));
  sized(rows, (n) => (speakers[n].unknown ? 0 : 1));
  return { rows, columns, usable };
};

const drawMatrix = () => {
  const place = document.getElementById("matrix");
  const { rows, columns, usable } = chosen();
  const few = columns
    .slice(0, view.columns)
    .sort((one, other) => topicRank.get(targets[one].topic) - topicRank.get(targets[other].topic));
  if (view.sort in targets && !few.includes(Number(view.sort)) && columns.includes(Number(view.sort)))
    few.unshift(Number(view.sort));
  const unknown = rows.filter((n) => speakers[n].unknown);
  const known = rows.filter((n) => !speakers[n].unknown);
  const shown = [...known.slice(0, view.rows), ...unknown];
  place.replaceChildren(
    shown.length
      ? h("div", { class: "scroll", tabindex: "-1" }, matrixTable(shown, few, usable))
      : h("p", { class: "empty" }, "Nothing fits. Take a filter away."),
    h(
      "p",
      { class: "more" },
      known.length > view.rows &&
        h(
          "button",
          { type: "button", click: () => choose("rows", view.rows + 30) },
          `Show more ${about.rows} (${known.length - view.rows} left)`,
        ),
      columns.length > view.columns &&
        h("button", { type: "button", click: () => choose("columns", Infinity) }, `Show all ${columns.length} targets`),
      view.columns === Infinity &&
        columns.length > 12 &&
        h("button", { type: "button", click: () => choose("columns", 12) }, "Show 12 targets"),
    ),
  );
  say(
    `${Math.min(known.length, view.rows)} of ${known.length} ${about.rows}, ` +
      `${few.length} of ${count(columns.length, "target")}`,
  );
};

const topicRank = new Map();
targets.forEach((target) => topicRank.has(target.topic) || topicRank.set(target.topic, topicRank.size));

const matrixTable = (rows, columns, usable) => {
  const groups = [];
  for (const t of columns) {
    if (groups.at(-1)?.topic === targets[t].topic) groups.at(-1).span += 1;
    else groups.push({ topic: targets[t].topic, span: 1 });
  }
  const table = h(
    "table",
    {
      class: "matrix",
      role: "grid",
      "aria-label": `Positions of ${about.rows} on targets. Arrow keys move, Enter opens.`,
      keydown: moveInGrid,
    },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        groups.map(({ topic, span }) =>
          h(
            "th",
            { scope: "colgroup", colspan: span, class: "group" },
            to(link("topic", topics[topic][0]), topics[topic][1]),
          ),
        ),
      ),
      h(
        "tr",
        {},
        h("td", { class: "corner" }),
        columns.map((t) =>
          h(
            "th",
            { scope: "col", "aria-sort": view.sort === String(t) ? "descending" : null },
            h("a", { href: link("target", targets[t].id), title: targets[t].text }, hyphenated(targets[t].key)),
          ),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((n) =>
        h(
          "tr",
          {},
          rowHead(speakers[n]),
          columns.map((t) => h("td", {}, matrixCell(cellOf.get(n + "/" + t), usable))),
        ),
      ),
    ),
  );
  const links = table.querySelectorAll("a");
  links.forEach((one) => (one.tabIndex = -1));
  (table.querySelector("tbody td a") ?? links[0]).tabIndex = 0;
  return table;
};

const hyphenated = (name) => name.split("-").flatMap((word, n) => (n ? ["-", h("wbr"), word] : [word]));

const rowHead = (speaker) =>
  h(
    "th",
    { scope: "row" },
    to(link("speaker", speaker.id), speaker.name),
    speaker.about && h("span", { class: "about" }, speaker.about),
    h("span", { class: "amount" }, count(speaker.statements, "statement")),
  );

const matrixCell = (cell, usable) =>
  usable(cell) &&
  h(
    "a",
    {
      class: `cell ${shade(cell)}${cell.few ? " few" : ""}`,
      href: cellLink(cell),
      "aria-label": spoken(cell),
      "aria-current": location.hash === cellLink(cell) ? "true" : null,
    },
    h("span", { class: "sign", "aria-hidden": "true" }, sign(cell)),
    cell.mean != null && h("span", { class: "mean" }, signed(cell.mean)),
    h("span", { class: "n" }, cell.e.length),
  );

const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
const moveInGrid = (event) => {
  const from = event.target.closest("th, td");
  const step = STEPS[event.key];
  if (!from || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const lines = [...event.currentTarget.rows].slice(1); // The row of topics spans columns.
  let [row, column] = [lines.indexOf(from.parentElement), from.cellIndex];
  do {
    row += step[0];
    column += step[1];
  } while (lines[row]?.cells[column] && !lines[row].cells[column].querySelector("a"));
  const to = lines[row]?.cells[column]?.querySelector("a");
  if (!to) return;
  event.currentTarget.querySelectorAll("a[tabindex='0']").forEach((one) => (one.tabIndex = -1));
  to.tabIndex = 0;
  to.focus();
};
