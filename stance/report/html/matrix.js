// The matrix: speakers down, targets across, a link in each cell. Filters choose rows and columns, no numbers.

const view = { find: "", topic: "", side: "", firm: false, sort: "amount", rows: 20, columns: 12 };

const choice = (label, name, options) =>
  options.length > 0 &&
  h(
    "label.field",
    h("span", label),
    h("select", { name, change: (event) => choose(name, event.target.value) }, options),
  );
const option = (value, text, chosen) => h("option", { value, selected: value === chosen }, text);

const choose = (name, value) => {
  view[name] = value;
  drawMatrix();
};

const matrixPage = () =>
  h(
    "section.matrix-view",
    { "aria-labelledby": "title" },
    heading("Who stands where"),
    h(
      "p.lead",
      `A cell is the position of one ${about.row} on one target, from −1 (against) to +1 (in favor). `,
      "Open it to read the statements behind it.",
    ),
    h(
      "form.filters",
      { role: "search", "aria-label": "Rows and columns of the matrix", submit: (event) => event.preventDefault() },
      finder(),
      choice("Topic", "topic", topicOptions()),
      choice("Speaks for", "side", sideOptions()),
      choice("Order", "sort", orderOptions()),
      firmOnly(),
    ),
    legend(),
    h("div", { id: "matrix" }),
  );

const finder = () => {
  const input = (event) => choose("find", event.target.value);
  return h(
    "label.field",
    h("span", `Find a ${about.row}`),
    h("input", { type: "search", name: "find", value: view.find, autocomplete: "off", input }),
  );
};

const firmOnly = () =>
  h(
    "label.tick",
    h("input", { type: "checkbox", checked: view.firm, change: (event) => choose("firm", event.target.checked) }),
    h("span", `Only positions from ${about.few} articles or more`),
  );

// The targets of each topic, below what belongs to the whole topic.
const byTopic = (name, value, chosen, whole = () => null) =>
  topics.map(
    ([id, label], n) =>
      SIDES[n].length > 0 &&
      h(
        "optgroup",
        { label: name(label) },
        whole(n, label),
        SIDES[n].map((t) => option(value(t), targets[t].key, chosen)),
      ),
  );

const topicOptions = () => [
  option("", "All topics", view.topic),
  byTopic(
    (label) => label,
    (t) => "target:" + t,
    view.topic,
    (n, label) => option("topic:" + n, `All of ${label}`, view.topic),
  ),
];

const sideOptions = () => {
  const sides = new Map();
  for (const { side, statements } of speakers) if (side) sides.set(side, (sides.get(side) ?? 0) + statements);
  const named = sized([...sides.keys()], (side) => sides.get(side));
  return named.length > 1 ? [option("", "Anyone", view.side), named.map((side) => option(side, side, view.side))] : [];
};

const orderOptions = () => [
  option("amount", "Most statements", view.sort),
  option("name", "Name", view.sort),
  byTopic((label) => `In favor first: ${label}`, String, view.sort),
];

const legend = () =>
  h(
    "ul",
    { class: "legend", "aria-label": "How cells are marked" },
    [
      ["against3", "▼", "against"],
      ["even", "●", "in between"],
      ["favor3", "▲", "in favor"],
    ].map(([tone, mark, text]) => h("li", h("span", { class: "swatch " + tone, "aria-hidden": "true" }, mark), text)),
    h("li", h("span", { class: "swatch", "aria-hidden": "true" }, "△▽"), "hollow: the interval holds zero"),
    h(
      "li",
      h("span", { class: "swatch favor2 few", "aria-hidden": "true" }, "△"),
      `outlined: fewer than ${about.few} articles`,
    ),
    h("li", h("span", { class: "swatch none", "aria-hidden": "true" }, "?"), "only unsure statements"),
    h("li", h("span", { class: "swatch", "aria-hidden": "true" }, "7"), "statements behind the cell"),
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
      : h("p.empty", "Nothing fits. Take a filter away."),
    h(
      "p.more",
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
  const line = (n) => columns.map((t) => h("td", matrixCell(cellOf.get(n + "/" + t), usable)));
  const table = h(
    "table.matrix",
    {
      role: "grid",
      "aria-label": `Positions of ${about.rows} on targets. Arrow keys move, Enter opens.`,
      keydown: moveInGrid,
    },
    h("thead", h("tr", h("td"), topicHeads(columns)), h("tr", h("td.corner"), columns.map(targetColumn))),
    h(
      "tbody",
      rows.map((n) => h("tr", rowHead(speakers[n]), line(n))),
    ),
  );
  const links = table.querySelectorAll("a");
  links.forEach((one) => (one.tabIndex = -1));
  (table.querySelector("tbody td a") ?? links[0]).tabIndex = 0;
  return table;
};

const topicHeads = (columns) => {
  const groups = [];
  for (const t of columns) {
    if (groups.at(-1)?.topic === targets[t].topic) groups.at(-1).span += 1;
    else groups.push({ topic: targets[t].topic, span: 1 });
  }
  const head = ({ topic: [id, label], span }) =>
    h("th.group", { scope: "colgroup", colspan: span }, to(link("topic", id), label));
  return groups.map((group) => head({ ...group, topic: topics[group.topic] }));
};

const targetColumn = (t) => {
  const { id, key, text, varies } = targets[t];
  const sorted = view.sort === String(t) ? "descending" : null;
  const name = h("a", { href: link("target", id), title: text }, hyphenated(key));
  return h("th", { scope: "col", "aria-sort": sorted }, name, varies && h("span.about", "not comparable"));
};

const hyphenated = (name) => name.split("-").flatMap((word, n) => (n ? ["-", h("wbr"), word] : [word]));

const rowHead = (speaker) =>
  h(
    "th",
    { scope: "row" },
    to(link("speaker", speaker.id), speaker.name),
    speaker.about && h("span.about", speaker.about),
    h("span.amount", count(speaker.statements, "statement")),
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
    cell.mean != null && h("span.mean", signed(cell.mean)),
    h("span.n", cell.e.length),
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
