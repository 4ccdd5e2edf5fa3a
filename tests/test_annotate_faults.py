"""What does not fit is refused with file, line and remedy; what can be mended without doubt is mended and counted."""

import json
from dataclasses import replace

import pytest
from annotate_fake import Files, place, plain, sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.annotate import FORMATS, Export, export, read
from stance.annotate.anchor import utf16
from stance.config import load_topics
from stance.errors import InputError
from stance.types import Span

TOPICS = load_topics()


@pytest.fixture
def written(tmp_path):
    return lambda name: Files(name, tmp_path)


def values(tasks):
    return [item["value"] for item in tasks[0]["annotations"][0]["result"] if "value" in item]


def test_old_label_studio_counted_utf16(written):
    units = utf16(sample().article.text)

    def old(tasks):
        for value in values(tasks):
            value["start"], value["end"] = units[value["start"]], units[value["end"]]

    found, findings = written("label-studio").json(old).read()
    assert plain(found) == plain([sample()])
    assert findings.notes == {"articles whose offsets count UTF-16": 1}


def test_wrong_offsets_are_found_again_by_the_text(written):
    def shift(tasks):
        for value in values(tasks)[:4]:
            value["start"], value["end"] = value["start"] + 3, value["end"] + 3

    found, findings = written("label-studio").json(shift).read()
    assert plain(found) == plain([sample()])
    assert findings.notes["spans whose offsets were wrong, found again by their text"] == 2


def test_a_text_that_occurs_twice_or_never_is_refused(written):
    files = written("label-studio").json(lambda tasks: values(tasks)[0].update(start=1, text="tariffs"))
    assert f"{files.file}:{files.line('T1')}: [1, 36) is" in files.faults()
    assert "which does not occur. Export the same text again" in files.faults()
    files.json(lambda tasks: values(tasks)[0].update(text="ad"))
    assert "which occurs 2 times" in files.faults()


def test_inception_counts_utf16(written):
    files = written("inception")
    spans = [s for s in json.loads(files.file.read_text())["%FEATURE_STRUCTURES"] if s.get("role")]
    assert spans[-1]["begin"] == sample().statements[-1].content[0].start + 3
    found, findings = files.read()
    assert plain(found) == plain([sample()]) and not findings.notes


def test_another_text_is_refused_and_other_line_ends_are_not(written):
    files = written("doccano")
    faults = files.change(("ferry pact", "fairy pact")).faults()
    assert "'a/1' is not the run's: they differ from character 22 on" in faults
    files = written("doccano")
    row = json.loads(files.file.read_text(encoding="utf-8"))
    before = row["text"]
    row["text"] = before.replace("\r\n", "\n")
    for item in row["entities"]:
        for key in ("start_offset", "end_offset"):
            item[key] -= before[: item[key]].count("\r\n")
    for told in row["statements"]:
        told["content"] = [[at - before[:at].count("\r\n") for at in span] for span in told["content"]]
    files.file.write_text(json.dumps(row), encoding="utf-8")
    found, findings = files.read()
    assert plain(found) == plain([sample()])
    assert [*findings.notes] == ["articles whose line ends the tool has changed; offsets are moved to those of the run"]


def test_regions_without_their_relation_are_refused(written):
    def drop(tasks):
        result = tasks[0]["annotations"][0]["result"]
        result[:] = [item for item in result if item["type"] != "relation"]

    files = written("label-studio").json(drop)
    faults = files.faults()
    source = files.line('"id": "T3"')
    assert f"{files.file}:{source}: Source T3 belongs to no Content. Draw the relation from a Content" in faults


def test_relations_that_lead_nowhere_or_astray_are_refused(written):
    def relations(tasks):
        return [item for item in tasks[0]["annotations"][0]["result"] if item["type"] == "relation"]

    files = written("label-studio").json(lambda tasks: relations(tasks)[1].update(to_id="T99"))
    assert "a relation leads to T99, which is no Content" in files.faults()
    files = written("label-studio").json(lambda tasks: relations(tasks)[1].update(labels=["cued_by"]))
    assert "cued_by leads from a Content to a Source. said_by leads from a Content to a Source" in files.faults()

    def circle(tasks):
        relations(tasks)[0].update(from_id="T1", to_id="T1")

    assert "Content T1 continues itself" in written("label-studio").json(circle).faults()


def test_a_relation_drawn_backwards_or_unnamed_is_mended(written):
    def turn(tasks):
        for item in tasks[0]["annotations"][0]["result"]:
            if item.get("labels") == ["said_by"]:
                item.update(from_id=item["to_id"], to_id=item["from_id"], labels=[])

    found, findings = written("label-studio").json(turn).read()
    assert plain(found) == plain([sample()])
    assert findings.notes == {"relations that were drawn the wrong way round are turned": 3}


def test_several_annotations_want_a_choice(written):
    def second(tasks):
        (one,) = tasks[0]["annotations"]
        tasks[0]["annotations"] = [
            {**one, "completed_by": 1},
            {**one, "completed_by": {"id": 2, "email": "b@example.org"}},
        ]

    files = written("label-studio").json(second)
    assert "article 'a/1' is annotated 2 times, by 1, b@example.org. Choose with --coder" in files.faults()
    found, findings = files.read(coder="b@example.org")
    assert plain(found) == plain([sample()]) and not findings.faults


def test_predictions_are_no_annotation(tmp_path):
    form = FORMATS["label-studio"]
    (file,) = export([sample()], form, tmp_path / "tasks.json", Export(TOPICS)).files
    found, findings = read([file], form, [sample()])
    assert not found and sum(findings.notes.values()) == 1
    assert plain(read([file], form, [sample()], predictions=True)[0]) == plain([sample()])


def test_what_a_person_adds_is_read(written):
    """A new statement gets an id, a kind from its marks, and its speaker's kind from the run."""

    def add(tasks):
        result = tasks[0]["annotations"][0]["result"]
        text = sample().article.text
        start = text.index("on Monday")
        value = {"start": start, "end": start + 9, "text": "on Monday"}
        region = {"id": "new", "to_name": "text"}
        result += [
            {**region, "from_name": "label", "type": "labels", "value": {**value, "labels": ["Content"]}},
            {**region, "from_name": "speaker", "type": "textarea", "value": {**value, "text": ["norway", "Jon Hale"]}},
        ]

    found, findings = written("label-studio").json(add).read()
    made = found[0].statements[-1]
    assert (made.id, made.kind, made.stances) == ("a/1:new1", "indirect", ())
    assert [speaker.kind for speaker in made.speakers] == ["country", "person"]
    assert "speakers without a kind, taken for persons; write Name | kind | role | affiliation" in findings.notes


@pytest.mark.parametrize(
    ("name", "change", "words", "fault"),
    [
        ("brat", ("T1\tAttribution 53 57\tsaid", "T1\tAttribution 53 57\tasked"), "asked", "not 'asked'"),
        ("brat", ("Cue:T4", "Cue:T77"), "T77", "Cue is T77, which the file does not have"),
        ("brat", ("E1 favor", "E1 fond"), "E1\t", "brics:fond is no stance"),
        ("brat", ("Stance_brics E1", "Stance_bricks E1"), "E1\t", "no target 'bricks'. Did you mean \"brics\"?"),
        ("brat", ("A1\tKind E1", "A1\tKind E9"), "A1", "Kind is at E9, which the file does not have"),
        ("brat", ("T2\tContent 8 36", "T2\tContent eight 36"), "eight", "no line of brat's"),
        ("conll", ("\tB-SOURCE\t", "\tB-SOUCE\t"), "SOUCE", "'B-SOUCE' is no tag. Use O, B- or I-"),
        ("conll", ("\tVARA\t", "\tVERA\t"), "VERA", "is 'VARA' in the text, not 'VERA'"),
        ("conll", ("# speaker\tS4", "# speaker\tS9"), "S9", "no column S9"),
        ("conll", ("1\tVARA\t0\t4\tO", "1\tVARA\t0\t4"), "VARA", "7 fields, where"),
        ("doccano", ('"label": "Cue"', '"label": "Verb"'), "Verb", "labelled Verb. Label it as one of Content, Source"),
        ("doccano-stance", ('"brics:favor"', '"brics:for"'), "brics:for", "is no stance; write TARGET:LABEL"),
        ("doccano-stance", ('"a/1:1"', '"a/1:9"'), "a/1:9", "the run has no statement 'a/1:9'"),
        ("doccano-stance", ('["brics:against"]', "0"), '"label": 0', "this is not as doccano writes it"),
        ("doccano-stance", ('"doc_id": "a/1"', '"doc_id": "b"'), '"b"', "there is no article 'b'. The run has a/1"),
        ("prodigy", ('"label": "Content"', '"label": "Quote"'), "Quote", "labelled Quote"),
        ("inception", ('"role": "Cue"', '"role": "Verb"'), "Verb", "labelled Verb"),
        ("web-annotation", ('"exact": "She"', '"exact": "He"'), '"a%2F1:', "not 'He', which does not occur"),
        ("web-annotation", ('"value": "brics:favor"', '"value": "brics"'), "@context", ":brics is no stance"),
        ("dna", ('"brics";1', '"brics";7'), "brics", "brics:None is no stance"),
        ("csv", (",brics,favor,", ",brics,,"), ",brics,,", "the target 'brics' has no label"),
        ("csv", (",person,", ",man,"), ",man,", "'man' is no kind of speaker. Write one of person, country"),
        ("csv", (",brics,favor,", ",,favor,"), ",,favor", "the label 'favor' has no target"),
    ],
)
def test_faults_have_a_place_and_a_remedy(written, name, change, words, fault):
    files = written(name).change(change)
    faults = files.faults()
    assert fault in faults
    assert faults.startswith(f"{files.file}:")
    if name not in ("brat", "inception", "web-annotation", "csv"):
        assert f"{files.file}:{files.line(words)}: " in faults


def test_formats_without_texts_want_the_run(written):
    with pytest.raises(
        InputError, match=r"conll holds no texts\. Give the run or the articles that were exported with"
    ):
        written("conll").read(run=None)


def test_a_web_annotation_is_found_by_what_stands_around_it(written):
    """Position selectors are optional; a quotation that occurs twice is told apart by its prefix and suffix."""

    def strip(rows):
        for row in rows:
            for part in (*row["target"], *(body for body in row["body"] if "selector" in body)):
                part["selector"] = part["selector"][1]

    found, findings = written("web-annotation").json(strip).read()
    assert plain(found) == plain([sample()])
    assert sum(findings.notes.values()) == 11


def test_a_file_of_another_kind_is_named(tmp_path):
    file = tmp_path / "a.json"
    file.write_text("[1]")
    for name, message in {
        "label-studio": "each element of the list must be an object",
        "doccano": "no JSON object. Is this JSON Lines, and the right --from",
    }.items():
        with pytest.raises(InputError, match=message):
            read([file], FORMATS[name])
    file.write_text('[{"data": {"text": "a"}}')
    with pytest.raises(InputError, match=r"a\.json:1: the list has no end"):
        read([file], FORMATS["label-studio"])
    with pytest.raises(InputError, match="There is no file"):
        read([tmp_path / "b.json"], FORMATS["csv"])
    (tmp_path / "a.xlsx").write_text("no workbook")
    with pytest.raises(InputError, match=r"a\.xlsx cannot be read as XLSX"):
        read([tmp_path / "a.xlsx"], FORMATS["xlsx"], [sample()])


def test_doccano_keeps_what_it_does_not_show_with_the_statement(written):
    """A corrected boundary keeps the stance; a deleted statement takes it away."""
    files = written("doccano")
    row = json.loads(files.file.read_text(encoding="utf-8"))
    row["entities"][0]["start_offset"] += 1
    last = row["entities"].pop()
    assert last["label"] == "Content"
    files.file.write_text(json.dumps(row), encoding="utf-8")
    found, findings = files.read()
    whole = sample().statements
    assert found[0].statements[0].stances == whole[0].stances
    assert found[0].statements[0].content[0] == replace(whole[0].content[0], start=whole[0].content[0].start + 1)
    assert [s.id for s in found[0].statements] == [s.id for s in whole[:3]]
    assert len(findings.notes) == 2


def test_inception_exports_a_folder_a_document_with_a_file_an_annotator(written, tmp_path):
    files = written("inception")
    folder = tmp_path / "annotation" / "a%2F1.json"
    folder.mkdir(parents=True)
    for coder in ("ann", "ben"):
        (folder / f"{coder}.json").write_bytes(files.file.read_bytes())
    found, findings = read([tmp_path / "annotation"], files.form, [sample()], TOPICS, coder="ben")
    assert plain(found) == plain([sample()]) and not findings.faults
    assert "by ann, ben. Choose with --coder" in read([folder], files.form, [sample()])[1].faults[0]


def test_parts_of_a_content_may_not_overlap(written):
    faults = written("brat").change(("Content 69 84", "Content 34 84"), ("“and the dues.”", "")).faults()
    assert "parts of one content overlap" in faults or "34, 84" in faults


@pytest.mark.parametrize("name", FORMATS)
@given(chance=st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_refused_or_read_but_never_a_crash(name, chance, tmp_path):
    files = Files(name, tmp_path)
    if files.file.suffix == ".xlsx":
        return
    raw = files.file.read_bytes().decode()
    start = chance.randrange(len(raw))
    cut = raw[start : start + chance.choice([1, 2, 5, 20])]
    files.file.write_bytes(
        (raw[:start] + chance.choice(["", "null", "0", cut + cut]) + raw[start + len(cut) :]).encode()
    )
    try:
        found, findings = files.read()
    except InputError:
        return
    for doc in found:
        for s in doc.statements:
            assert all(span.end <= len(doc.article.text) for span in (s.extent, *s.content))
    assert found or findings.faults or findings.notes


def test_what_was_skipped_or_rejected_is_no_annotation(written):
    def skip(tasks):
        (one,) = tasks[0]["annotations"]
        tasks[0]["annotations"] = [{"was_cancelled": True, "result": []}, one]

    found, findings = written("label-studio").json(skip).read()
    assert plain(found) == plain([sample()]) and not findings.faults
    found, findings = written("prodigy").change(('{"text"', '{"answer": "reject", "text"')).read()
    assert not found and findings.notes == {"articles whose answer is 'reject' are left out": 1}


def test_a_quotation_that_occurs_twice_is_told_apart_by_what_stands_around_it(written):
    def move(rows):
        quote = {"type": "TextQuoteSelector", "exact": "the", "prefix": "and ", "suffix": " dues"}
        rows[0]["target"] = {**rows[0]["target"][1], "selector": quote}

    found, _ = written("web-annotation").json(move).read()
    assert found[0].statements[0].content == (place("the", 1),)


def test_parts_that_a_person_marks_in_brat_stay_parts(written):
    shown = "“We back the ferry pact 👍🏽,”"
    found, _ = written("brat").change((f"Content 8 36\t{shown}", f"Content 8 11;12 36\t{shown}")).read()
    assert found[0].statements[0].content == (Span(8, 11), Span(12, 36), Span(69, 84))
