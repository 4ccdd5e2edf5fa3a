"""Reports of runs that nobody planned for: names that are no names, next to nothing, and a writer that is killed."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from report_fake import ALVA, BO, SETTINGS, article, stance, write
from rich.console import Console

from stance.report.change import contradictions
from stance.report.corpus import one_line
from stance.report.filters import Filters
from stance.report.group import positions
from stance.report.html.facts import facts
from stance.report.html.payload import payload
from stance.report.page import Look
from stance.report.saying import saying
from stance.report.summary import Summaries
from stance.report.write import draw, files, save
from stance.report.write import replace as put

TURNED = "Alva\u202e Rook\x1b\x07\tof\nVara\u2028the \u2066great\x00"
SHOWN = "Alva Rook of Vara the great"
FORMS = ("markdown", "json", "csv", "xlsx", "html", "gexf", "graphml")


def drawn(data, view="positions"):
    console = Console(file=io.StringIO(), width=120)
    draw(data, Look(view), console)
    return console.file.getvalue()


def small(folder, *told, date="2024-01-10"):
    """A run of one article in which each speaker says one thing."""
    words = [f"the harbour tax must stay for {n} years" for n, _ in enumerate(told)]
    page = article("one", ". ".join(f"Somebody said {text}" for text in words), "A day", date, "Vara Post")
    for text, (speakers, *stances) in zip(words, told, strict=True):
        page.say(speakers, text, *stances, cue="said", source="Somebody")
    return write(folder, [page])


def test_names_show_no_sign_that_is_obeyed(tmp_path):
    hostile = replace(ALVA, name=TURNED, role=TURNED, affiliation=TURNED)
    data = positions(small(tmp_path / "run", ([hostile], stance("harbour-tax"))))
    (row,) = data.speakers
    assert (row.name, row.affiliation) == (SHOWN, SHOWN)
    read = [drawn(data), drawn(data, "summary"), files(data, "markdown", Look())[""].decode()]
    for text in read:
        assert SHOWN in text
        assert not {sign for sign in text if sign != "\n" and not sign.isprintable()}
    for form in FORMS:
        assert files(data, form, Look())[""]


@pytest.mark.parametrize("name", ["=cmd()|' /C calc'!A0", "[red]bold[/red]", "😀", "مرحبا", "N" * 300, "| *a* `b`"])
def test_any_name_stands_in_every_form(tmp_path, name):
    data = positions(small(tmp_path / "run", ([replace(ALVA, name=name)], stance("harbour-tax"))))
    assert data.speakers[0].name == name
    assert json.loads(files(data, "json", Look())[""])["speakers"][0]["name"] == name
    assert name in files(data, "html", Look())[""].decode().replace("\\u0026", "&")
    # A name wider than the line is broken, not cut, where it stands as a title.
    assert name in "".join(drawn(data).split("Who stands where")[1].split("\n"))


def test_a_text_without_signs_is_left_as_it_is():
    assert one_line("  “Größe” – 5\u00a0%,\n naïve ") == "“Größe” – 5 %, naïve"


def test_a_single_statement_is_told_in_the_singular(tmp_path):
    data = positions(small(tmp_path / "run", ([ALVA], stance("harbour-tax"))))
    assert "1 statement, from Vara Post, 2024-01-10.\n" in drawn(data)
    text = Summaries(data).run().text
    assert text.startswith(
        "One article from Vara Post was read; the one statement there bears on one issue, on 10 January 2024. "
        "Alva Rook (one) spoke on it."
    )
    assert text.endswith("The position rests on fewer than three articles.")


@pytest.mark.parametrize("view", ["positions", "summary", "change", "agreement"])
def test_a_run_without_positions_says_so_and_draws_no_empty_table(tmp_path, view):
    text = drawn(positions(small(tmp_path / "run", ([ALVA],))), view)
    assert "No statement bears on a topic, so there is no position to show." in text
    assert "none" not in text


def test_no_date_no_outlet_no_title(tmp_path):
    page = article("one", "Rook said that the tax stays", None, None, None)
    page.say([ALVA], "that the tax stays", stance("harbour-tax"), cue="said", source="Rook")
    data = positions(write(tmp_path / "run", [page]))
    assert "1 statement.\n" in drawn(data)
    assert Summaries(data).run().text.startswith("One article was read; the one statement there bears on one issue.")
    assert (
        facts(data, payload(data, 9))["read"] == "1 statement in 1 article. 1 stance toward a target, 0 of them unsure."
    )


def test_the_browser_is_told_the_counts_of_the_table(tmp_path):
    run = write(
        tmp_path / "run",
        [
            article(f"a{n}", f"Rook said that tax number {n} must stay", "T", f"2024-01-1{n}", outlet).say(
                [ALVA], f"that tax number {n} must stay", stance("harbour-tax"), cue="said", source="Rook"
            )
            for n, outlet in enumerate(("Post", "Post", "Mail"))
        ],
    )
    data = positions(run, filters=Filters(outlets=("Post",)))
    assert drawn(data).splitlines()[1].startswith("2 statements, from Post, 2024-01-10 to 2024-01-11")
    told = facts(data, payload(data, 9))["read"]
    assert told.startswith(
        "2 statements in 2 of 3 articles, dated 10 January 2024 to 11 January 2024. Outlet: Post (2)."
    )


def test_contradictions_that_rest_on_most_statements_come_first(tmp_path):
    sides = [stance("harbour-tax", "favor", 0.8), stance("harbour-tax", "against", 0.8)]
    run = small(
        tmp_path / "run",
        *([([ALVA], side) for side in sides * 3]),
        *([([BO], replace(side, confidence=0.99)) for side in sides]),
    )
    assert [(c.speaker.id, c.counts) for c in contradictions(positions(run))] == [
        ("alva-rook", (3, 3)),
        ("bo-lind", (1, 1)),
    ]


def test_topics_without_phrases_borrow_those_of_the_same_shipped_target(tmp_path):
    proposition = "The two countries that the statement is about should deepen their cooperation."
    bare = {"id": "other-bilateral-ties", "proposition": proposition}
    data = positions(small(tmp_path / "run", ([ALVA], stance("harbour-tax"))))
    assert not data.varies("harbour-tax") and data.phrase("harbour-tax") == ""
    info = {**SETTINGS, "topics": {"topics": [{"id": "ties", "label": "Ties", "targets": [bare]}]}}
    data = replace(data, corpus=replace(data.corpus, info=info))
    assert data.varies("other-bilateral-ties") and data.phrase("other-bilateral-ties") == "closer bilateral ties"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("the tax was “a gift to the whole harbour”", "“the tax was ‘a gift to the whole harbour’”"),
        ("“the need to go on” in line with the law", "“‘the need to go on’ in line with the law”"),
        ("— that when the tax goes, the quay will follow", "“when the tax goes, the quay will follow”"),
    ],
)
def test_quotations_within_quotations(tmp_path, content, shown):
    page = article("one", f"Rook said {content}", "T", None, "Post")
    page.say([ALVA], content, stance("harbour-tax"), cue="said", source="Rook")
    (said,) = positions(write(tmp_path / "run", [page])).speakers[0].evidence
    assert saying(said, ALVA.id).shown == shown
    assert saying(said, ALVA.id).quote.text in content


def test_a_role_in_capitals_is_written_as_people_write_it(tmp_path):
    told = [([replace(s, role=role)], stance("harbour-tax")) for s, role in ((ALVA, "PRESIDENT"), (BO, "CEO"))]
    rows = positions(small(tmp_path / "run", *told)).speakers
    assert sorted(row.role for row in rows) == ["CEO", "President"]


def test_a_report_that_is_killed_leaves_the_old_one(tmp_path, monkeypatch):
    out = tmp_path / "report.json"
    save({"": b"old"}, "json", out)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.report.write.os.replace", killed)
    with pytest.raises(KeyboardInterrupt):
        save({"": b"new"}, "json", out)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_device_is_written_to_and_not_replaced(tmp_path):
    put(Path("/dev/null"), b"anything")
    assert Path("/dev/null").is_char_device()


def test_rows_have_the_same_name_in_every_form(tmp_path):
    data = positions(small(tmp_path / "run", ([ALVA], stance("harbour-tax")), ([BO], stance("ferry"))), "affiliation")
    assert drawn(data).startswith("Positions of 2 countries and bodies in 1 article\n")
    assert facts(data, payload(data, 9))["headline"] == "Positions of 2 countries and bodies"


def test_a_reader_is_told_whether_a_language_model_wrote(tmp_path):
    data = positions(small(tmp_path / "run", ([ALVA], stance("harbour-tax"))))
    (first, *_) = json.loads(files(data, "json", Look("summary"))[""])["summaries"]
    assert {sentence["by_model"] for sentence in first["sentences"]} == {False}
    assert '"modelled":false' in files(data, "html", Look())[""].decode()
    assert "by rules, without a language model" in files(data, "html", Look())[""].decode()
