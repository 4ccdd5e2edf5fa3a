"""The HTML report, opened in a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow.parquet as pq
import pytest
import report_fake
from report_fake import many, pages, write

from stance.report.compare import compare
from stance.report.corpus import read_corpus
from stance.report.filters import Filters
from stance.report.group import positions
from stance.report.html import render_html
from stance.report.html.page import as_data
from stance.report.html.passages import TEXT_BUDGET, passages

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PHONE, DESKTOP = (390, 844), (1440, 900)
LISTS = ("matrix", "speakers", "topics", "summary", "changes", "compare", "about")
VIEWS = (*LISTS, "speaker/alva-rook", "topic/coast", "target/harbour-tax", "compare/bo-lind/alva-rook")
PANELS = ("cell/alva-rook/harbour-tax", "statement/one:2", "article/six")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return write(tmp_path_factory.mktemp("html") / "run", pages())


@pytest.fixture(scope="module")
def rows(run):
    """statements.parquet, which is what every number is checked against."""
    return pq.read_table(run / "statements.parquet").to_pylist()


@pytest.fixture(scope="module")
def texts(run):
    lines = (run / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["article_id"]: row["text"] for row in map(json.loads, lines)}


@pytest.fixture(scope="module")
def report(run, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render_html(positions(run)), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no browser: install Chromium (apt-get install chromium, brew install --cask chromium)")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Tab:
    """A browser tab with the report, that remembers what went wrong."""

    def __init__(self, browser, file: Path, size=DESKTOP, **options) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        self.page = self.context.new_page()
        self.file = file
        self.faults: list[str] = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.goto(file.as_uri())

    def _asked(self, url: str) -> None:
        if url.partition("#")[0] != self.file.as_uri():
            self.faults.append(f"asked for {url}")

    def go(self, *parts: str):
        """Turn to a view by its address, as a link does, and wait until it is drawn."""
        address = "#/" + "/".join(quote(part, safe="'") for part in parts)
        self.page.evaluate(
            """address => address === location.hash || new Promise(done => {
                 addEventListener("hashchange", done, {once: true});
                 location.hash = address;
               }).then(() => true)""",
            address,
        )
        return self.page


@pytest.fixture
def tab(browser, report):
    tab = Tab(browser, report)
    yield tab
    tab.context.close()
    assert tab.faults == []


UNNAMED = """() => [...document.querySelectorAll("a, button, select, input")]
  .filter(e => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.labels?.length))
  .map(e => e.outerHTML)"""


def check(name: str) -> str:
    return (Path(__file__).parent / "data" / f"{name}.js").read_text(encoding="utf-8")


def place(row) -> str:
    return f"{row['article_id']}:{','.join(f'{start}-{end}' for start, end in row['content'])}"


# What a page holds


def test_the_same_run_gives_the_same_bytes(run, report):
    code = (
        "import sys; from stance.report.group import positions; from stance.report.html import render_html; "
        f"sys.stdout.buffer.write(render_html(positions({str(run)!r})).encode())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(report_fake.__file__).parent.parent)}
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment).stdout
    assert made == report.read_bytes()


def test_a_thousand_statements_stay_under_two_megabytes_with_their_articles(tmp_path):
    run = write(tmp_path / "run", many(articles=100, each=10))
    page = render_html(positions(run))
    assert 500_000 < len(page.encode()) < 2_000_000
    assert "cut to the passages" not in page


def test_a_larger_run_shows_passages_and_says_so(tmp_path, browser):
    run = write(tmp_path / "run", many(articles=320, each=10))
    lines = (run / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    whole = {row["article_id"]: row["text"] for row in map(json.loads, lines)}
    assert sum(map(len, whole.values())) > TEXT_BUDGET
    file = tmp_path / "large.html"
    file.write_text(render_html(positions(run), top=20), encoding="utf-8")
    tab = Tab(browser, file)
    page = tab.page
    assert "cut to the passages" in page.locator(".warnings").text_content()
    assert "This page holds 20 of 60 speakers" in page.locator(".warnings").text_content()
    page = tab.go("statement", "a0003:4")
    marks = page.locator("mark").evaluate_all("all => all.map(m => [+m.dataset.from, +m.dataset.to, m.textContent])")
    assert marks and all(whole["a0003"][start:end] == said for start, end, said in marks)
    assert tab.faults == []


def test_passages_hold_their_statements_and_break_between_words():
    text = f"{'left ' * 200}she said no {'right ' * 200}"
    start = text.index("she said no")
    ((at, piece),) = passages(text, [(start, start + 11)])
    assert text[at : at + len(piece)] == piece
    assert "she said no" in piece
    assert len(piece) < 600
    assert piece.split()[0] == "left"
    assert piece.split()[-1] == "right"


def test_data_cannot_end_its_element():
    text = as_data({"x": "</script><!-- &\u2028"})
    assert not re.search("[<>&]", text)
    assert json.loads(text) == {"x": "</script><!-- &\u2028"}


# What a reader does


def expected(rows, speaker: str, target: str):
    """Counts of a cell, from the table alone; the two printings of wire copy count once."""
    labels: dict[str, str] = {}
    for row in rows:
        for own in row["stances"]:
            if own["target"] == target and speaker in {s["id"] for s in row["speakers"]}:
                labels[row["text"]] = "unsure" if own["abstained"] else own["label"]
    return Counter(labels.values())


def test_every_cell_shows_the_numbers_of_the_table(tab, rows):
    cells = {
        tuple(part for part in href.split("/")[2:]): text.split()
        for href, text in tab.page.locator("#matrix a.cell").evaluate_all(
            "all => all.map(a => [a.getAttribute('href'), [...a.children].map(c => c.textContent).join(' ')])"
        )
    }
    pairs = {
        (s["id"], own["target"])
        for row in rows
        for s in row["speakers"]
        for own in row["stances"]
        if own["target"] and s["kind"] != "unnamed"
    }
    assert {cell for cell in cells if cell[0] != "unknown"} == pairs
    for speaker, target in pairs:
        counts = expected(rows, speaker, target)
        sign, mean, n = cells[speaker, target]
        value = (counts["favor"] - counts["against"]) / (counts.total() - counts["unsure"])
        assert int(n) == counts.total(), (speaker, target)
        assert float(mean.replace("−", "-")) == pytest.approx(value, abs=0.005), (speaker, target)
        assert sign in ("△▲" if value > 0.1 else "▽▼" if value < -0.1 else "●")
    assert cells["bo-lind", "sea-wall"][2] == "2", "one warning in two papers, and one change of mind"


def test_a_cell_opens_its_statements_and_a_statement_its_article(tab):
    page = tab.page
    page.locator("a.cell[href='#/cell/alva-rook/harbour-tax']").click()
    panel = page.locator("#panel")
    panel.get_by_role("heading", name="Alva Rook on harbour-tax").wait_for()
    assert "3 statements in 2 articles" in panel.text_content()
    cards = panel.locator(".card")
    assert cards.count() == 3
    assert [c.split()[1] for c in panel.locator(".pill").all_text_contents()] == ["favor", "against", "favor"]
    panel.get_by_role("button", name="favor 2").click()
    assert cards.count() == 2
    card = cards.filter(has_text="Without it … the quay will crumble")
    for told in ("favor", "0.70", "10 January 2024", "Vara Post", "added", "“she”", "named in full"):
        assert told in card.text_content()
    card.get_by_role("link").click()
    panel.get_by_role("heading", name="A quiet day at the 🙂 quay").wait_for()
    assert page.url.endswith("#/statement/one%3A2")
    assert panel.locator("mark.own.content").all_text_contents() == ["Without it", "the quay will crumble"]
    assert page.title() == "A quiet day at the 🙂 quay · Positions of 4 speakers"
    assert "3 of 3" in panel.locator(".bar").text_content()
    panel.get_by_role("link", name="Previous statement").click()
    panel.get_by_role("heading", name="Second thoughts").wait_for()
    panel.get_by_role("link", name="← Statements").click()
    panel.get_by_role("heading", name="Alva Rook on harbour-tax").wait_for()
    panel.get_by_role("link", name="Close").click()
    panel.wait_for(state="hidden")


def test_every_statement_is_marked_at_the_right_places(tab, rows, texts):
    for row in rows:
        if row["statement_id"] == "four:1":
            continue  # The second printing is counted, and shown, with the first.
        page = tab.go("statement", row["statement_id"])
        assert page.locator("#panel .address code").text_content() == place(row)
        marks = page.locator("#panel mark.own").evaluate_all(
            "all => all.map(m => [m.className.split(' '), +m.dataset.from, +m.dataset.to, m.textContent])"
        )
        text = texts[row["article_id"]]
        assert all(text[start:end] == said for _, start, end, said in marks)
        spans = {
            "content": row["content"],
            **{k: [[row[k]["start"], row[k]["end"]]] for k in ("cue", "source") if row[k]},
        }
        for role in ("content", "cue", "source"):
            marked = {at for roles, start, end, _ in marks if role in roles for at in range(start, end)}
            assert marked == {at for start, end in spans.get(role, []) for at in range(start, end)}, row["statement_id"]


def test_other_statements_of_the_article_are_pale_and_lead_to_themselves(tab):
    page = tab.go("statement", "one:1")
    others = page.locator("#panel mark.other.content")
    assert "the quay will crumble" in others.all_text_contents()
    others.filter(has_text="the quay will crumble").click()
    page.wait_for_function("() => location.hash === '#/statement/one%3A2'")


def test_wire_copy_names_all_who_printed_it(tab):
    page = tab.go("cell", "bo-lind", "sea-wall")
    told = page.locator(".card").filter(has_text="ruin the fishing grounds").text_content()
    assert "Also printed by Cape Herald, 6 March 2024; counted once." in told


def test_keyboard_alone_goes_from_the_matrix_to_an_article_and_back(tab):
    page = tab.page
    keys = page.keyboard
    at = "() => document.activeElement.className + ' ' + (document.activeElement.getAttribute('href') ?? '')"
    for _ in range(30):
        keys.press("Tab")
        if "cell" in page.evaluate(at):
            break
    start = page.evaluate(at)
    assert "#/cell/" in start
    keys.press("ArrowLeft")
    assert "#/speaker/" in page.evaluate(at)
    keys.press("ArrowRight")
    assert page.evaluate(at) == start
    keys.press("ArrowUp")
    assert "#/target/" in page.evaluate(at)
    keys.press("ArrowDown")
    assert page.evaluate(at) == start
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keys.press("Enter")
    page.wait_for_selector("#panel h2")
    assert page.evaluate("() => document.activeElement.tagName") == "H2"
    for _ in range(12):
        keys.press("Tab")
        if "#/statement/" in page.evaluate(at):
            break
    keys.press("Enter")
    page.wait_for_selector("#panel mark.own")
    keys.press("Escape")
    page.wait_for_selector("#panel", state="hidden")
    assert page.evaluate(at) == start, "where it began"


def test_on_a_phone_the_page_under_an_open_panel_cannot_be_reached(browser, report):
    tab = Tab(browser, report, PHONE)
    tab.go("cell", "alva-rook", "harbour-tax")
    for _ in range(25):
        tab.page.keyboard.press("Tab")
        assert tab.page.evaluate(
            "() => document.activeElement === document.body || document.activeElement.closest('#panel, .skip') !== null"
        )
    tab.go("matrix")
    assert tab.page.locator("[inert]").count() == 0
    tab.context.close()
    assert tab.faults == []


def test_filters_choose_rows_and_columns(tab):
    page = tab.page
    names = page.locator("#matrix tbody th a")
    heads = page.locator("#matrix thead tr:last-child th a")
    page.get_by_label("Find a speaker").fill("captain")
    assert names.all_text_contents() == ["Bo Lind"]
    page.get_by_label("Find a speaker").fill("")
    page.get_by_label("Topic").select_option(label="All of The coast")
    assert set(heads.all_text_contents()) == {"lighthouse", "sea-wall", "moorings"}
    page.get_by_label("Topic").select_option("")
    page.get_by_label("Speaks for").select_option("Vara")
    assert set(names.all_text_contents()) == {"Alva Rook", "Vara"}
    page.get_by_label("Speaks for").select_option("")
    page.get_by_label("Order").select_option(label="harbour-tax")
    assert page.locator("#matrix th[aria-sort=descending] a").text_content() == "harbour-tax"
    assert names.all_text_contents()[0] == "Alva Rook"
    page.get_by_label("Only positions from 3 articles").check()
    assert "Nothing fits" in page.locator("#matrix").text_content()


def test_an_address_leads_to_what_it_names(browser, report):
    tab = Tab(browser, report)
    address = report.as_uri() + "#/statement/one%3A4"
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert tab.page.locator("#panel mark.own.content").text_content() == "a daily ferry"
    assert tab.page.locator("#matrix a.cell").count() > 0, "the matrix stands behind it"
    tab.go("speaker", "nobody-at-all")
    assert "Not in this report" in tab.page.locator("main").text_content()
    tab.page.evaluate("() => { location.hash = '#/cell/%E0%A4%A'; }")
    tab.page.wait_for_selector("#matrix")
    tab.context.close()
    assert [fault for fault in tab.faults if "about:blank" not in fault] == []


def test_pages_of_speakers_and_targets_tell_who_stands_where(tab):
    page = tab.go("speaker", "bo-lind")
    assert "ferry captain, Sund" in page.locator("main").text_content()
    assert page.locator(".positions tbody th a").all_text_contents() == ["ferry", "sea-wall"]
    assert page.locator("svg[role=img]").count() > 0
    page = tab.go("target", "ferry")
    page.wait_for_selector("text=The ferry to Vara should sail daily.")
    names = page.locator(".positions tbody th a").all_text_contents()
    assert set(names) == {"Alva Rook", "Bo Lind", "Vara"}
    page = tab.go("target", "moorings")
    assert "cannot be compared" in page.locator("main").text_content()


def test_every_sentence_of_the_summary_leads_to_what_it_rests_on(tab):
    page = tab.go("summary")
    told = page.locator(".told").first.locator("p")
    assert "articles" in told.first.text_content()
    links = page.locator(".told sup a").evaluate_all("all => all.map(a => a.hash.slice(2))")
    assert links
    for address in set(links):
        page = tab.go(*map(unquote, address.split("/")))
        shown = page.locator("#panel" if address.startswith(("cell", "statement")) else "main")
        assert "Not in this report" not in shown.text_content(), address


def test_contradictions_stand_side_by_side_with_their_dates(tab):
    page = tab.go("changes")
    found = page.locator(".contradiction").filter(has_text="Bo Lind on sea-wall (1 in favor, 1 against)")
    dates = [
        card.split("Sund Wire, ")[-1].split("Vara Post, ")[-1] for card in found.locator(".over").all_text_contents()
    ]
    assert dates == ["5 March 2024", "20 November 2024"]
    assert "moorings" not in page.locator("main").text_content(), "each statement has an object of its own there"


def test_two_are_compared_on_what_both_spoke_of(tab):
    page = tab.go("compare", "alva-rook", "bo-lind")
    assert page.locator(".versus tbody th a").all_text_contents() == ["ferry"]
    page.get_by_label("The other").select_option("evil")
    page.locator(".versus tbody th").filter(has_text="harbour-tax").wait_for()
    assert page.url.endswith("#/compare/alva-rook/evil")


def test_a_report_by_country_speaks_of_countries(run, browser, tmp_path):
    file = tmp_path / "by.html"
    file.write_text(render_html(positions(run, "affiliation", Filters(since="2024-02"))), encoding="utf-8")
    tab = Tab(browser, file)
    assert "countries and bodies" in tab.page.locator("h1").text_content()
    assert "since 2024-02" in tab.page.locator(".read").text_content()
    assert set(tab.page.locator("#matrix tbody th a").all_text_contents()) >= {"Vara", "Sund"}
    assert tab.faults == []


@pytest.mark.parametrize("by", ["role", "kind", "outlet"])
def test_rows_can_be_anything_that_statements_are_grouped_by(run, browser, tmp_path, by):
    data = positions(run, by)
    file = tmp_path / "by.html"
    file.write_text(render_html(data), encoding="utf-8")
    tab = Tab(browser, file)
    shown = set(tab.page.locator("#matrix tbody th a").all_text_contents())
    sided = {row.name for row in data.speakers if any(p.target for p in row.positions.values())}
    assert shown - {data.unknown.name} == sided
    for view in LISTS:
        tab.go(view)
    assert tab.faults == []


def test_a_name_of_any_length_leaves_the_cells_in_reach(browser, tmp_path):
    page = report_fake.article("one", "Somebody said that the tax must stay", "T", "2024-01-10", "Post")
    long = replace(report_fake.ALVA, name="N" * 300, affiliation="A" * 300)
    page.say([long], "that the tax must stay", report_fake.stance("harbour-tax"), cue="said")
    file = tmp_path / "long.html"
    file.write_text(render_html(positions(write(tmp_path / "run", [page]))), encoding="utf-8")
    for size in (PHONE, DESKTOP):
        tab = Tab(browser, file, size)
        assert tab.page.locator("#matrix tbody th").bounding_box()["width"] < size[0] / 2
        tab.page.locator("#matrix a.cell").click(timeout=2000)
        tab.page.locator("#panel .over").first.wait_for(timeout=2000)
        tab.context.close()


def test_on_a_phone_only_the_first_page_and_the_guide_begin_with_what_was_read(browser, report):
    tab = Tab(browser, report, PHONE)
    shown = {view for view in LISTS if tab.go(view).locator(".masthead .read").is_visible()}
    tab.context.close()
    assert shown == {"matrix", "about"}


def test_those_farthest_apart_come_first_and_few_articles_last(browser, tmp_path):
    run, file = write(tmp_path / "run", many(articles=12, each=12)), tmp_path / "many.html"
    data = positions(run)
    file.write_text(render_html(data), encoding="utf-8")
    one, other = data.speakers[0].id, data.speakers[1].id
    tab = Tab(browser, file)
    heads = tab.go("compare", one, other).locator("table.versus tbody th a").all_text_contents()
    tab.context.close()
    told = [c for c in compare(read_corpus(run), one, other).contrasts if c.gap]
    assert len(heads) > 1
    assert sorted(heads) == sorted(c.target for c in told)
    ranks = {c.target: (c.thin, -round(abs(c.gap[0]), 2)) for c in told}
    assert [ranks[name] for name in heads] == sorted(ranks.values())


@pytest.mark.parametrize("made", [[], many(articles=1, each=1)], ids=["nothing", "one statement"])
def test_a_run_of_next_to_nothing_has_a_report(browser, tmp_path, made):
    file = tmp_path / "small.html"
    file.write_text(render_html(positions(write(tmp_path / "run", made))), encoding="utf-8")
    tab = Tab(browser, file)
    for view in LISTS:
        assert tab.go(view).locator("main h2").text_content(), view
    assert tab.faults == []


# What must not happen


def test_a_script_in_any_text_stays_text(tab, report):
    page = tab.page
    hostile = "two/../x?&\"'"
    for view in (*VIEWS, "speaker/evil", "cell/evil/harbour-tax"):
        tab.go(*view.split("/"))
    page = tab.go("statement", f"{hostile}:1")
    panel = page.locator("#panel")
    assert panel.locator("h2").text_content() == "<img src=x onerror=window.hacked=1> & </title>"
    assert panel.locator("mark.own.content").text_content() == "</script><img src=x onerror=window.hacked=1>"
    assert "Mallory & Söhne" in panel.text_content()
    assert panel.locator("a[href^=javascript]").count() == 0
    assert page.locator("img, script:not(#data), iframe, object").count() == 1, "the report's own script"
    assert page.evaluate("() => window.hacked") is None


def test_the_policy_forbids_every_request_and_foreign_script(report):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', report.read_text(encoding="utf-8"))
    assert policy is not None
    assert "default-src 'none'" in policy[1].replace("&#39;", "'")
    assert "unsafe" not in policy[1]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_overlaps_or_is_cut(browser, report, size):
    tab = Tab(browser, report, size)
    for view in (*VIEWS, *PANELS):
        page = tab.go(*view.split("/"))
        page.evaluate("() => { document.querySelector('#panel').scrollTop = 0; window.scrollTo(0, 0); }")
        assert page.evaluate(check("overlaps")) == [], view
    tab.context.close()
    assert tab.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser, report, scheme):
    tab = Tab(browser, report, color_scheme=scheme)
    for view in (*VIEWS, *PANELS):
        assert tab.go(*view.split("/")).evaluate(check("contrast")) == [], view
    tab.context.close()


def test_the_page_tells_a_screen_reader_what_is_what(tab):
    for view in (*VIEWS, *PANELS):
        page = tab.go(*view.split("/"))
        assert page.locator("h1").count() == 1
        assert page.evaluate("() => document.querySelectorAll('th:not([scope])').length") == 0, view
        assert page.evaluate(UNNAMED) == [], view
    for role in ("main", "banner", "navigation", "contentinfo", "complementary"):
        assert page.get_by_role(role).count() >= 1, role
    tab.go("matrix")
    assert page.locator("#said").text_content() == "4 of 4 speakers, 5 of 5 targets"
    label = page.locator("a.cell[href='#/cell/alva-rook/harbour-tax']").get_attribute("aria-label")
    assert (
        label == "Alva Rook on harbour-tax: in favor, +0.33, interval −0.85 to +1.00, 3 statements, few articles"
        or (label.startswith("Alva Rook on harbour-tax: in favor, +0.33, interval "))
    )


def test_print_shows_what_is_open_and_no_controls(tab):
    page = tab.page
    page.emulate_media(media="print")
    assert not page.locator("#views").is_visible()
    assert not page.locator(".filters").is_visible()
    assert page.locator("#matrix table").is_visible()
    assert page.locator(".scroll").evaluate("e => getComputedStyle(e).overflowX") == "visible"
    tab.go("cell", "alva-rook", "harbour-tax")
    assert page.locator("#panel").is_visible()
    assert not page.locator("main").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_without_a_script_the_positions_can_still_be_read(browser, report):
    tab = Tab(browser, report, java_script_enabled=False)
    page = tab.page
    assert page.locator("noscript").is_visible()
    section = page.locator("section.plain").filter(has_text="The harbour tax should stay.")
    row = section.locator("tr").filter(has_text="Alva Rook")
    assert row.locator("td").all_text_contents()[:4] == ["2", "1", "0", "0"]
    assert not page.locator("#views").is_visible()
    tab.context.close()
