import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from stance.show import coloured, json_lines, render
from stance.types import Article, Doc, Problem, Span, Speaker, Stance, Statement

TEXT = "“Trees help,” Mara Venn said. She warned against felling [old] limes.\n\nA spokesman declined to comment.\n"


def at(part: str) -> Span:
    return Span(TEXT.index(part), TEXT.index(part) + len(part))


VENN = Speaker("mara-venn", "Mara Venn", "person", "mayor of Lund", "Norway")


@pytest.fixture
def doc():
    favor = Stance("trees", "more-trees", "favor", (0.9, 0.0, 0.1), 0.9)
    unsure = Stance("trees", "fell-limes", "against", (0.2, 0.4, 0.4), 0.4, abstained=True)
    said = Statement(
        "a:1", (at("“Trees help,”"),), at("said"), at("Mara Venn"), "direct", speakers=(VENN,), stances=(favor,)
    )
    warned = Statement(
        "a:2",
        (at("felling [old] limes"),),
        at("warned against"),
        at("She"),
        "indirect",
        speakers=(VENN,),
        stances=(unsure,),
    )
    declined = Statement("a:3", (at("to comment"),), at("declined"), at("A spokesman"), "indirect")
    return Doc(Article("a", TEXT, "On trees", "2024-05-01", "Daily"), statements=(said, warned, declined))


def drawn(doc: Doc, **options) -> str:
    stream = io.StringIO()
    render(doc, Console(file=stream, width=110, **options))
    return stream.getvalue()


def style_of(doc: Doc, part: str) -> str:
    for paragraph in coloured(doc):
        if part in paragraph.plain:
            start = paragraph.plain.index(part)
            return str(paragraph.get_style_at_offset(Console(), start))
    raise AssertionError(part)


def test_text_keeps_every_word_and_gets_the_numbers(doc):
    text = drawn(doc)
    assert "“Trees help,”[1] Mara Venn said. She warned against felling [old] limes[2]." in text
    assert "A spokesman declined to comment[3]." in text
    assert text.index("On trees") < text.index("Daily · 2024-05-01 · a") < text.index("“Trees")


def test_colours_tell_source_cue_content_and_stance(doc):
    assert "cyan" in style_of(doc, "Mara")
    assert "magenta" in style_of(doc, "said")
    assert "green" in style_of(doc, "“Trees")
    assert "underline" in style_of(doc, "felling")
    assert not {"green", "red"} & set(style_of(doc, "felling").split()), "an unsure stance colours nothing"
    assert style_of(doc, "limes") == style_of(doc, "felling")


def test_cue_inside_another_content_stays_visible():
    text = "Lund said Venn believes trees help."
    outer = Statement("a:1", (Span(10, 34),), Span(5, 9), Span(0, 4), "indirect")
    inner = Statement("a:2", (Span(24, 34),), Span(15, 23), Span(10, 14), "indirect", parent="a:1")
    doc = Doc(Article("a", text), statements=(outer, inner))
    assert "magenta" in style_of(doc, "believes")
    assert "underline" in style_of(doc, "trees")
    assert coloured(doc)[0].plain.endswith("help[1][2].")


def test_table_lists_speakers_and_stances(doc):
    table = drawn(doc).split("Stance")[-1]
    assert "favor   0.90 more-trees" in table
    assert "unsure  0.40 fell-limes" in table
    assert table.count("mayor of Lund") == 1, "the role is told once"
    assert table.count("Norway") == 2
    assert "(unknown)" in table


def test_mere_topic_is_no_side(doc):
    mere = Stance("trees", None, "neutral", (0.0, 0.0, 1.0), 0.7)
    doc = doc.with_statements([replace(doc.statements[0], stances=(mere,))])
    assert "topic   trees" in drawn(doc)
    assert "yellow" not in style_of(doc, "“Trees")


def test_failed_article_says_why(doc):
    failed = Doc(doc.article, problems=(Problem("a", None, "tag", "failed", "ValueError: odd"),))
    text = drawn(failed)
    assert "Not labelled (tag): ValueError: odd" in text
    assert "No statements were found." in text


def test_narrow_and_wide_consoles(doc):
    for width in (60, 240):
        stream = io.StringIO()
        render(doc, Console(file=stream, width=width))
        assert max(map(len, stream.getvalue().splitlines())) <= width


def test_json_rows(doc):
    rows = [json.loads(line) for line in json_lines(doc).splitlines()]
    assert [row["statement_id"] for row in rows] == ["a:1", "a:2", "a:3"]
    assert rows[0]["cue"]["text"] == "said"
