"""Every number in every form is the one that an independent query over statements.parquet gives."""

import csv
import io
import json
import math
import re
import subprocess
import sys

import networkx as nx
import openpyxl
import pandas as pd
import pytest
from report_run import PEOPLE, TARGETS, build

from stance.errors import InputError
from stance.report.group import positions
from stance.report.network import networks
from stance.report.page import Look
from stance.report.sheets import csv_tables, workbook
from stance.report.write import files, form_of, save
from stance.store import RunFolder

NAMED = ("person", "country", "organization")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build(tmp_path_factory.mktemp("run") / "run")


@pytest.fixture(scope="module")
def data(run):
    return positions(run)


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(workbook(data)))


@pytest.fixture(scope="module")
def expected(run):
    """One row a speaker and target, by pandas alone; the first printing of the same words counts."""
    rows = pd.read_parquet(run / "statements.parquet")
    rows["order"] = range(len(rows))
    rows["words"] = [re.sub(r"\W+", " ", text.lower()).strip() for text in rows["text"]]
    rows["sort"] = rows["date"].fillna("9999")
    rows["copies"] = rows.groupby("words")["words"].transform("size") - 1
    rows["outlets"] = rows.groupby("words")["outlet"].transform(lambda own: [set(own.dropna())] * len(own))
    rows = rows.sort_values(["sort", "order"]).drop_duplicates("words")
    rows = rows.explode("speakers").dropna(subset="speakers")
    rows = rows[[s["kind"] in NAMED for s in rows["speakers"]]].explode("stances").dropna(subset="stances")
    for name in ("id", "name", "affiliation"):
        rows[name] = [s[name] for s in rows["speakers"]]
    for name in ("target", "label", "abstained"):
        rows[name] = [s[name] for s in rows["stances"]]
    rows = rows.dropna(subset="target")
    rows["state"] = rows["label"].where(~rows["abstained"].astype(bool), "unsure")
    return rows


def numbers(own):
    """What a position must show, from the rows of the query, by the published formulas."""
    n = {state: int((own["state"] == state).sum()) for state in ("favor", "against", "neutral", "unsure")}
    sure = own[own["state"] != "unsure"]
    found = {**n, "statements": len(own), "articles": sure["article_id"].nunique(), "copies": int(own["copies"].sum())}
    if len(sure):
        sizes = sure.groupby("article_id").size()
        effect = 1 + 0.2 * ((sizes**2).sum() / len(sure) - 1)
        scale = 1 / effect
        total, favor, against = len(sure) * scale, n["favor"] * scale, n["against"] * scale
        plus, minus = (favor + 1) / (total + 2), (against + 1) / (total + 2)
        half = 1.96 * math.sqrt((plus + minus - (plus - minus) ** 2) / (total + 2))
        found["mean"] = (n["favor"] - n["against"]) / len(sure)
        found["shrunken"] = plus - minus
        found["low"], found["high"] = max(-1.0, plus - minus - half), min(1.0, plus - minus + half)
    else:
        found |= dict.fromkeys(("mean", "shrunken", "low", "high"))
    return found


@pytest.fixture(scope="module")
def table(expected):
    return {key: numbers(own) for key, own in expected.groupby(["id", "target"])}


def same(found, wanted):
    return all(
        found[key] == value if value is None or isinstance(value, int) else float(found[key]) == pytest.approx(value)
        for key, value in wanted.items()
    )


def test_the_invented_run_has_what_reports_stumble_over(expected, table):
    assert len(table) > 25
    assert (expected["copies"] > 0).any()
    assert (expected["state"] == "unsure").any()
    assert expected["statement_id"].duplicated().any(), "joint statements"


def test_positions(data, table):
    found = {
        (row.id, name): {
            **position.counts,
            "statements": len(position.evidence),
            "articles": position.articles,
            "copies": sum(len(e.copies) for e in position.evidence),
            "mean": position.mean,
            "shrunken": position.shrunken,
            "low": position.interval and position.interval[0],
            "high": position.interval and position.interval[1],
        }
        for row in data.speakers
        for name, position in row.positions.items()
        if position.target
    }
    assert found.keys() == table.keys()
    for key, wanted in table.items():
        assert same(found[key], wanted), key


def test_totals_count_a_joint_statement_once(run, data):
    rows = pd.read_parquet(run / "statements.parquet")
    words = {re.sub(r"\W+", " ", text.lower()).strip() for text in rows["text"]}
    assert data.total.statements == len(words)
    assert data.copies == len(rows) - len(words)
    assert sum(row.statements for row in data.speakers) > data.total.statements - data.unknown.statements


def test_csv(data, table, expected):
    made = csv_tables(data)
    rows = list(csv.DictReader(io.StringIO(made[""].decode())))
    found = {(row["id"], row["target"]): row for row in rows if row["id"] != "unknown"}
    assert found.keys() == table.keys()
    for key, wanted in table.items():
        read = {name: float(found[key][name]) if found[key][name] else None for name in wanted}
        assert same(read, wanted), key
    evidence = pd.read_csv(io.BytesIO(made["-evidence"]))
    evidence = evidence[(evidence["id"] != "unknown") & evidence["target"].notna()]
    wanted = set(zip(expected["id"], expected["statement_id"], expected["target"], expected["state"], strict=True))
    assert set(zip(*(evidence[c] for c in ("id", "statement_id", "target", "counts_as")), strict=True)) == wanted
    outlets = dict(zip(expected["statement_id"], expected["outlets"], strict=True))
    for statement, own in zip(evidence["statement_id"], evidence["outlets"].fillna(""), strict=True):
        assert set(filter(None, own.split("; "))) == outlets[statement]


def test_spreadsheets_are_given_no_formulas(data, book):
    text = csv_tables(data)["-evidence"].decode()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'+Title of") for cell in cells)
    assert any(cell.startswith("'=HYPERLINK the") for cell in cells)
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "-")) or re.fullmatch(r"-\d+(\.\d+)?(e-\d+)?", cell)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None


def test_workbook(book, table):
    names = "about positions speakers targets change shifts contradictions agreement coalitions evidence"
    assert book.sheetnames == names.split()
    rows = list(book["positions"].iter_rows(values_only=True))
    found = {(own["id"], own["target"]): own for own in (dict(zip(rows[0], row, strict=True)) for row in rows[1:])}
    assert {key for key in found if key[0] != "unknown"} == table.keys()
    for key, wanted in table.items():
        assert same(found[key], wanted), key
    people = {row[0]: row[3] for row in book["speakers"].iter_rows(min_row=2, values_only=True)}
    assert people["pia-lund"] == PEOPLE[3].role, "text stays text"


def test_json(data, table):
    made = json.loads(files(data, "json", Look())[""])
    found = {
        (row["id"], p["target"]): {
            **p["counts"],
            "statements": len(p["statements"]),
            "articles": p["articles"],
            "copies": sum(len(s["copies"]) for s in p["statements"]),
            "mean": p["mean"],
            "shrunken": p["shrunken"],
            "low": p["interval"] and p["interval"][0],
            "high": p["interval"] and p["interval"][1],
        }
        for row in made["speakers"]
        for p in row["positions"]
        if p["target"] and row["id"] != "unknown"
    }
    assert found.keys() == table.keys()
    for key, wanted in table.items():
        assert same(found[key], wanted), key
    assert [s["day"][:4] for s in made["shifts"] if s["id"] == "ilse-marrow"] == ["2022"]


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_what_people_read(data, table, form):
    from stance.report.markdown import escape, markdown
    from stance.report.page import page

    look = Look(top=99, quotes=0)
    if form == "markdown":
        text = markdown(page(data, look))
        start = "## {}\n"
    else:
        from rich.console import Console

        from stance.report.terminal import draw

        stream = io.StringIO()
        draw(page(data, look), Console(file=stream, width=200))
        text, start = stream.getvalue(), "\n{}  "
    for row in data.speakers:
        block = text.split(start.format(escape(row.name) if form == "markdown" else row.name))[1]
        for target in TARGETS:
            if wanted := table.get((row.id, target)):
                line = next(line for line in block.splitlines() if line.strip("| ").startswith(target))
                counts = [str(wanted[state]) for state in ("favor", "against", "neutral", "unsure")]
                found = re.findall(r"[·\d]+", re.sub(r"\S*[a-z]\S*", "", line))[:4]
                assert [n.replace("·", "0") for n in found] == counts
                if wanted["mean"] is not None:
                    shown = [wanted["mean"], wanted["low"], wanted["high"]]
                    assert re.findall(r"[+-]\d\.\d\d", line) == [f"{round(x, 2) + 0.0:+.2f}" for x in shown]
                    assert ("few" in line) == (wanted["articles"] < 3)


@pytest.mark.parametrize(("form", "read"), [("gexf", nx.read_gexf), ("graphml", nx.read_graphml)])
def test_networks_are_read_back_whole(data, table, form, read):
    made = networks(data, form)
    graph = read(io.BytesIO(made[""]))
    sure = {key: wanted for key, wanted in table.items() if wanted["mean"] is not None}
    assert graph.number_of_edges() == len(sure)
    for (speaker, target), wanted in sure.items():
        edge = graph.edges[f"sp:{speaker}", f"tg:{target}"]
        shown = {
            "n_favor": "favor",
            "n_against": "against",
            "n_neutral": "neutral",
            "n_unsure": "unsure",
            "net": "mean",
        }
        shown |= {name: name for name in ("shrunken", "low", "high", "articles")}
        assert same({key: edge[name] for name, key in shown.items()}, {key: wanted[key] for key in shown.values()})
        assert edge["weight"] == wanted["favor"] + wanted["against"] + wanted["neutral"] > 0
    board = graph.nodes["sp:harbour-board"]
    assert (board["label"], board["kind"], board["actor"]) == ("<b>Harbour</b> & Board", "speaker", "organization")
    keys = {"kind", "actor", "role", "organization", "statements", "topic", "proposition", "label"}
    assert all(own.keys() == keys for _, own in graph.nodes(data=True))
    assert graph.nodes["tg:tram-line"]["proposition"] == "The tram line should come."
    tied = read(io.BytesIO(made["-agreement"]))
    assert tied.number_of_edges() > 3
    assert all(edge["weight"] > 0 and -1 <= edge["net"] <= 1 for *_, edge in tied.edges(data=True))
    assert all("coalition" in own for _, own in tied.nodes(data=True))


def test_networks_survive_what_xml_cannot_hold(data, monkeypatch):
    row = data.speakers[0]
    monkeypatch.setattr(row, "names", type(row.names)({"Mara\x0b \ud800Venn": 1}))
    for form, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        assert read(io.BytesIO(networks(data, form)[""])).nodes[f"sp:{row.id}"]["label"] == "Mara Venn"


FORMS = ("markdown", "json", "csv", "xlsx", "gexf", "graphml")


def test_the_same_run_gives_the_same_bytes(run, tmp_path):
    """In another process, in which sets of names have another order."""
    code = (
        "import hashlib, sys; from stance.report.group import positions; from stance.report.page import Look; "
        "from stance.report.write import files; data = positions(sys.argv[1]); "
        f"made = [files(data, form, Look()) for form in {FORMS!r}]; "
        "made += [files(data, 'markdown', Look(view=view)) for view in ('summary', 'change', 'agreement')]; "
        "print(hashlib.sha256(repr(made).encode()).hexdigest())"
    )
    hashes = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(run)],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        hashes.add(done.stdout)
    assert len(hashes) == 1


def test_a_run_without_statements_has_every_form(tmp_path):
    RunFolder(tmp_path / "run", {"hash": "h", "topics": {"topics": []}}).finish(1)
    data = positions(tmp_path / "run")
    for form in FORMS:
        for view in ("positions", "change", "agreement", "summary"):
            assert files(data, form, Look(view=view))


def test_form_is_found_by_the_ending(tmp_path):
    assert [form_of(tmp_path / name) for name in ("r.md", "r.XLSX", "r.htm", "r.txt")] == [
        "markdown",
        "xlsx",
        "html",
        "table",
    ]
    with pytest.raises(InputError, match=r"r.doc: no form has this ending. Give one of .csv, .gexf.*--format"):
        form_of(tmp_path / "r.doc")


def test_files_beside_the_main_one_are_named_after_it(data, tmp_path):
    written = save(csv_tables(data), "csv", tmp_path / "r.csv")
    assert [path.name for path in written] == ["r.csv", "r-evidence.csv"]
    assert (tmp_path / "r-evidence.csv").read_bytes() == csv_tables(data)["-evidence"]
    with pytest.raises(InputError, match=r"xlsx is no text. Give a file"):
        save({"": b""}, "xlsx", None)
    with pytest.raises(InputError, match=r"Cannot write .*No such file"):
        save({"": b""}, "xlsx", tmp_path / "none" / "r.xlsx")
