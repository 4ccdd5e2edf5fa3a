"""Reading: every format, encoding and fault that people's folders hold. All articles are invented."""

import csv
import gzip
import hashlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import InputError
from stance.read import ReadOptions, read
from stance.read.files import SUFFIXES
from stance.types import Article, Problem

BODY = "The harbour minister said the talks were useful.\n\n“We wait,” she said."


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8", newline="")
    return path


def articles(*paths, **options) -> list[Article]:
    found = list(read(paths, ReadOptions(**options)))
    assert all(isinstance(item, Article) for item in found), found
    return found


def article(*paths, **options) -> Article:
    (found,) = articles(*paths, **options)
    return found


def problem(*paths, **options) -> Problem:
    (found,) = read(paths, ReadOptions(**options))
    assert isinstance(found, Problem), found
    assert found.stage == "read"
    return found


class TestPaths:
    def test_folder_is_read_to_the_bottom_in_a_fixed_order(self, tmp_path):
        for name in ("b.txt", "a/z.md", "a/y.TXT", ".hidden.txt", ".git/x.txt", "c.docx", "notes"):
            write(tmp_path, name, BODY)
        assert [a.id for a in articles(tmp_path)] == ["b", "a/y", "a/z"]

    def test_run_folders_are_passed_over(self, tmp_path):
        write(tmp_path, "a.txt", BODY)
        write(tmp_path, "run/run.json", "{}")
        write(tmp_path, "run/statements.jsonl", "{}\n")
        assert [a.id for a in articles(tmp_path)] == ["a"]

    def test_file_with_unknown_ending_is_read_when_named(self, tmp_path):
        path = write(tmp_path, "story.article", BODY)
        assert article(path).id == "story.article"

    def test_glob(self, tmp_path):
        for name in ("one.txt", "two.txt", "three.md", "deep/four.txt"):
            write(tmp_path, name, BODY)
        assert [a.id for a in articles(f"{tmp_path}/*.txt")] == ["one", "two"]
        assert [a.id for a in articles(f"{tmp_path}/**/*.txt")] == ["deep/four", "one", "two"]

    def test_a_file_named_twice_is_read_once(self, tmp_path):
        path = write(tmp_path, "one.txt", BODY)
        assert len(articles(tmp_path, path, path)) == 1

    def test_missing_path_is_refused_at_once(self, tmp_path):
        with pytest.raises(InputError, match=r"no file or folder .*nowhere.*Check its spelling"):
            read([tmp_path / "nowhere"])

    def test_folder_without_articles_names_the_endings(self, tmp_path):
        write(tmp_path, "a.docx", "x")
        with pytest.raises(InputError, match=r"nothing to read in .*\.txt .*\.parquet"):
            read([tmp_path])

    def test_same_id_gets_a_suffix(self, tmp_path):
        one = write(tmp_path, "a/story.txt", BODY)
        two = write(tmp_path, "b/story.txt", BODY)
        rows = write(
            tmp_path, "c.jsonl", '{"id": "story", "text": "He left."}\n{"id": "story~2", "text": "She left."}\n'
        )
        assert [a.id for a in articles(one, two, rows)] == ["story", "story~2", "story~3", "story~2~2"]

    def test_standard_input_as_text(self, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BODY.encode())))
        found = article("-")
        assert (found.id, found.path, found.text) == ("stdin", "-", BODY)

    def test_standard_input_as_json_lines(self, monkeypatch):
        lines = b'{"text": "He left."}\n{"text": "She left.", "id": 7}\n'
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
        assert [a.id for a in articles("-")] == ["stdin#1", "7"]


class TestText:
    def test_title_stray_date_and_credits(self, tmp_path):
        text = (
            " date 2031-09-11 Islands, coast agree to deepen ferry ties\n\nXinhua) 08:27, September 11, 2031\n\n"
            "MARBLE BAY, Sept. 10 (Xinhua) -- The envoy praised the talks.\n\nHe left.\n\n(Web editor: Ann Lee, Bo Tan)"
        )
        found = article(write(tmp_path, "a.txt", text))
        assert found.title == "Islands, coast agree to deepen ferry ties"
        assert (found.date, found.outlet) == ("2031-09-11", "Xinhua")
        assert found.text == "MARBLE BAY, Sept. 10 (Xinhua) -- The envoy praised the talks.\n\nHe left."
        assert found.sha256 == hashlib.sha256(found.text.encode()).hexdigest()

    def test_title_then_date_and_outlet(self, tmp_path):
        found = article(write(tmp_path, "a.txt", f"Ferry talks go on\n\n2031-11-16 Marble Courier\n\n{BODY}"))
        assert (found.title, found.date, found.outlet) == ("Ferry talks go on", "2031-11-16", "Marble Courier")
        assert found.text == BODY

    def test_dateline_date_takes_its_own_year(self, tmp_path):
        found = article(write(tmp_path, "a.txt", "ABU DHABI, 14th February, 2031 (WAM) -- The envoy left."))
        assert (found.title, found.date, found.outlet) == (None, "2031-02-14", "WAM")

    def test_date_of_the_file_name_goes_before_the_dateline(self, tmp_path):
        text = "GENEVA, Sept. 10 (Reuters) - The envoy left."
        assert article(write(tmp_path, "reuters-2031-09-11.txt", text)).date == "2031-09-11"
        assert article(write(tmp_path, "wire.txt", text)).date is None

    def test_key_lines(self, tmp_path):
        head = "Title: Ferry talks\nDate: 4 March 2031\nSource: Marble Courier\nURL: https://example.org/a\n\n"
        found = article(write(tmp_path, "a.txt", head + BODY))
        assert (found.title, found.date, found.outlet) == ("Ferry talks", "2031-03-04", "Marble Courier")
        assert (found.url, found.text) == ("https://example.org/a", BODY)

    def test_first_paragraph_is_no_title(self, tmp_path):
        found = article(write(tmp_path, "a.txt", BODY))
        assert found.title is None and found.text == BODY

    def test_hard_wrapped_text_has_no_title(self, tmp_path):
        text = "The minister met his guest on Monday in the old town hall and said\nthat the talks had been useful."
        assert article(write(tmp_path, "a.txt", text)).title is None

    def test_a_lone_line_is_the_body(self, tmp_path):
        assert article(write(tmp_path, "a.txt", "Ferry talks go on")).text == "Ferry talks go on"

    def test_line_ends_become_one_kind_and_other_characters_stay(self, tmp_path):
        text = "Ferry talks\r\n\r\nThe\u00a0minister\u200b said so. 😀\r\rShe left.\r\n"
        assert article(write(tmp_path, "a.txt", text)).text == "The\u00a0minister\u200b said so. 😀\n\nShe left."

    def test_markdown(self, tmp_path):
        text = (
            "---\ntitle: Ferry talks\ndate: 2031-03-04\nsource: Marble Courier\n---\n\n# Ferry talks\n\n"
            "The [minister](https://example.org) said the **talks** were _useful_.\n\n![A ferry](f.png)\n\n"
            "## Next steps\n\n> “We wait,” she said of snake_case_names."
        )
        found = article(write(tmp_path, "a.md", text))
        assert (found.title, found.date, found.outlet) == ("Ferry talks", "2031-03-04", "Marble Courier")
        assert found.text.startswith("The minister said the talks were useful.")
        assert found.text.endswith("Next steps\n\n“We wait,” she said of snake_case_names.")
        assert "png" not in found.text


class TestEncodings:
    TEXT = "The “minister” – Zoë Ångström – said it’s café time."

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252", "gb18030"]
    )
    def test_latin_text(self, tmp_path, encoding):
        text = self.TEXT if encoding != "gb18030" else "The “minister” — Zoe — said it’s time."
        assert article(write(tmp_path, "a.txt", text.encode(encoding))).text == text

    def test_chinese_text_in_gb18030(self, tmp_path):
        text = "中国外交部发言人星期一在北京说，双方的会谈是有益的，我们希望在会后继续对话。\n\n他说：“我们会等。”"
        assert article(write(tmp_path, "a.txt", text.encode("gb18030"))).text == text

    def test_russian_text_in_cp1251(self, tmp_path):
        text = (
            "Министр сказал в понедельник, что переговоры были полезными и будут продолжены весной.\n\nОн уехал домой."
        )
        assert article(write(tmp_path, "a.txt", text.encode("cp1251"))).text == text

    def test_encoding_can_be_named(self, tmp_path):
        path = write(tmp_path, "a.txt", "Žižka said so.".encode("cp1250"))
        assert article(path, encoding="cp1250").text == "Žižka said so."

    @pytest.mark.parametrize("name", ["a.txt", "a.json", "a.csv"])
    def test_encoding_that_does_not_fit(self, tmp_path, name):
        found = problem(write(tmp_path, name, "text\nZoë left.".encode("cp1252")), encoding="utf-8")
        assert found.kind == "encoding" and "read.encoding" in found.reason

    def test_encoding_that_is_not_known(self, tmp_path):
        with pytest.raises(InputError, match=r"klingon.*cp1252"):
            read([write(tmp_path, "a.txt", BODY)], ReadOptions(encoding="klingon"))


class TestFaults:
    def test_every_fault_is_one_row_and_good_articles_are_read(self, tmp_path, monkeypatch):
        write(tmp_path, "good.txt", BODY)
        write(tmp_path, "empty.txt", "")
        write(tmp_path, "binary.txt", bytes(range(256)) * 10)
        write(tmp_path, "huge.txt", "The minister said so. " * 240_000)
        write(tmp_path, "rows.jsonl", '{"text": "He left."}\n{"text": "She le\n{"text": "They left."}\n')
        os.symlink(tmp_path / "gone", tmp_path / "link.txt")
        found = list(read([tmp_path]))
        assert [a.id for a in found if isinstance(a, Article)] == ["good", "rows#1", "rows#3"]
        kinds = {p.article_id: p.kind for p in found if isinstance(p, Problem)}
        assert kinds == {
            "empty": "empty",
            "binary": "binary",
            "huge": "too-large",
            "rows#2": "bad-json",
            "link": "unreadable",
        }

    def test_too_large_says_size_limit_and_remedy(self, tmp_path):
        found = problem(write(tmp_path, "a.txt", "x" * 1001), max_chars=1000)
        assert "1,001 characters" in found.reason and "1,000" in found.reason and "Split it" in found.reason

    def test_limit_can_be_raised(self, tmp_path):
        assert len(article(write(tmp_path, "a.txt", "x" * 2_000_000), max_chars=3_000_000).text) == 2_000_000

    def test_no_permission(self, tmp_path, monkeypatch):
        path = write(tmp_path, "a.txt", BODY)

        def refuse(self):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("stance.read.files.Source.open", refuse)
        found = problem(path)
        assert found.kind == "unreadable" and "Permission denied" in found.reason and str(path) in found.reason

    @pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n"])
    def test_known_binary_formats_are_named(self, tmp_path, head):
        found = problem(write(tmp_path, "a.txt", head + b"rest"))
        assert found.kind == "binary" and (
            "PDF" in found.reason or "Office" in found.reason or "picture" in found.reason
        )

    def test_whitespace_is_empty(self, tmp_path):
        assert problem(write(tmp_path, "a.txt", " \n\ufeff \n")).kind == "empty"

    @pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.tsv"])
    def test_empty_tables(self, tmp_path, name):
        assert problem(write(tmp_path, name, "")).kind == "empty"

    def test_damaged_gzip(self, tmp_path):
        data = gzip.compress(b'{"text": "He left."}\n' * 1000)
        assert problem(write(tmp_path, "a.jsonl.gz", data[:20])).kind == "unreadable"
        assert problem(write(tmp_path, "b.jsonl.gz", b"no gzip")).kind == "unreadable"

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from([s for s in SUFFIXES if "htm" not in s]),
        st.one_of(
            st.binary(max_size=300),
            st.text(alphabet="text,id;\"'{}[]:\\\n\r\t 12/2031 ab.é한#-", max_size=200).map(str.encode),
            st.text(alphabet="Title: By Lee (Reuters) -- 08:27 Sept. 10, 2031.\n#*_[]", max_size=200).map(str.encode),
        ),
    )
    def test_no_bytes_break_a_reader(self, suffix, data):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"a{suffix}")
            path.write_bytes(data)
            for found in read([path]):
                assert isinstance(found, Problem) or (found.text.strip() and found.sha256)


class TestJson:
    ROW: ClassVar = {
        "id": "x-1",
        "headline": "Ferry talks",
        "body": "One.\r\n\r\nTwo\u00a0.",
        "published_at": "2031-03-04T10:00:00Z",
    }

    @pytest.mark.parametrize("value", [ROW, [ROW], {"articles": [ROW]}, {"total": 1, "results": [ROW]}])
    def test_shapes(self, tmp_path, value):
        found = article(write(tmp_path, "a.json", json.dumps(value)))
        assert (found.id, found.title, found.date) == ("x-1", "Ferry talks", "2031-03-04")
        assert found.text == self.ROW["body"]

    def test_ids_without_own(self, tmp_path):
        assert article(write(tmp_path, "deep/a.json", '{"text": "He left."}')).id == "a"
        write(tmp_path, "deep/b.json", '[{"text": "He left."}, {"text": "She left."}]')
        assert [a.id for a in articles(tmp_path)] == ["deep/a", "deep/b#1", "deep/b#2"]

    def test_json_lines_under_another_name(self, tmp_path):
        assert len(articles(write(tmp_path, "a.json", '{"text": "He left."}\n{"text": "She left."}\n'))) == 2

    def test_bad_json_names_the_line(self, tmp_path):
        found = problem(write(tmp_path, "a.json", '{\n"text": "He left."\n"id": 1}'))
        assert found.kind == "bad-json" and "a.json:3" in found.reason

    def test_source_object_and_own_url(self, tmp_path):
        row = {"content": "He left.", "source": {"id": None, "name": "Marble Courier"}, "url": "https://example.org/a"}
        found = article(write(tmp_path, "a.json", json.dumps(row)))
        assert (found.outlet, found.url) == ("Marble Courier", "https://example.org/a")

    def test_dateline_completes_rows(self, tmp_path):
        row = {"text": "ABU DHABI, 14th February, 2031 (WAM) -- The envoy left."}
        found = article(write(tmp_path, "a.json", json.dumps(row)))
        assert (found.outlet, found.date, found.text) == ("WAM", "2031-02-14", row["text"])

    def test_missing_text_lists_the_keys(self, tmp_path):
        found = problem(write(tmp_path, "a.json", '{"headline": "Ferry talks", "words": "He left."}'))
        assert found.kind == "no-text" and '"headline", "words"' in found.reason and "read.text_column" in found.reason
        assert article(tmp_path / "a.json", text_column="words").text == "He left."

    def test_text_that_is_no_string(self, tmp_path):
        assert problem(write(tmp_path, "a.json", '{"text": ["He left."]}')).kind == "no-text"

    @pytest.mark.parametrize("value", ["3", '"He left."', "null", "[1]"])
    def test_no_article(self, tmp_path, value):
        assert problem(write(tmp_path, "a.json", value)).kind == "no-text"

    def test_lone_surrogates_keep_offsets(self, tmp_path):
        found = article(write(tmp_path, "a.json", r'{"text": "He \ud800 left."}'))
        assert found.text == "He \ufffd left."

    def test_deeply_nested(self, tmp_path):
        assert problem(write(tmp_path, "a.json", "[" * 200_000)).kind == "bad-json"


class TestJsonLines:
    def test_each_bad_line_loses_only_itself(self, tmp_path):
        lines = [
            b'{"text": "One."}',
            b"{broken",
            b"",
            b'{"text": ""}',
            b'{"text": "Zo\xeb."}',
            b'["list"]',
            b'{"name": "x"}',
            b'{"text": "Last."}',
        ]
        found = list(read([write(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + b"\r\n".join(lines))]))
        assert [a.text for a in found if isinstance(a, Article)] == ["One.", "Last."]
        assert [p.kind for p in found if isinstance(p, Problem)] == [
            "bad-json",
            "empty",
            "encoding",
            "no-text",
            "no-text",
        ]
        assert "a.jsonl:2" in found[1].reason and found[1].article_id == "a#2"

    @pytest.mark.parametrize("name", ["a.jsonl.gz", "a.ndjson.gz", "a.JSONL.GZ"])
    def test_gzip(self, tmp_path, name):
        assert article(write(tmp_path, name, gzip.compress(b'{"text": "He left."}\n'))).id == "a#1"

    @pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
    def test_other_encodings(self, tmp_path, encoding):
        path = write(tmp_path, "a.jsonl", '{"text": "Zoë left."}\n{"text": "Two."}\n'.encode(encoding))
        named = {} if encoding == "utf-16" else {"encoding": encoding}
        assert [a.text for a in articles(path, **named)] == ["Zoë left.", "Two."]

    def test_line_separators_inside_texts(self, tmp_path):
        text = "One\u2028two\u0085three\x0c."
        assert article(write(tmp_path, "a.jsonl", json.dumps({"text": text}, ensure_ascii=False))).text == text

    def test_named_key_that_no_row_has(self, tmp_path):
        path = write(tmp_path, "a.jsonl", '{"text": "He left.", "day": "2031-03-04"}\n')
        *good, found = read([path], ReadOptions(date_column="dya"))
        assert len(good) == 1 and found.kind == "no-column" and '"dya"' in found.reason

    def test_numbers_as_ids(self, tmp_path):
        path = write(
            tmp_path, "a.jsonl", '{"id": 7, "text": "a."}\n{"id": 8.0, "text": "b."}\n{"id": null, "text": "c."}\n'
        )
        assert [a.id for a in articles(path)] == ["7", "8", "a#3"]


class TestCsv:
    def test_texts_with_line_ends_quotes_and_long_fields(self, tmp_path):
        text = 'He said "no".\r\n\r\nShe, too; left.' + " More." * 50_000
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(
            [["ID", "Full Text", "Publication Date", "Publisher"], ["n1", text, "4 March 2031", "Courier"]]
        )
        found = article(write(tmp_path, "a.csv", buffer.getvalue()))
        assert (found.id, found.date, found.outlet, found.text) == ("n1", "2031-03-04", "Courier", text)

    @pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.csv", "|"), ("a.csv", "\t"), ("a.tsv", "\t")])
    def test_delimiters(self, tmp_path, name, mark):
        found = article(write(tmp_path, name, f"title{mark}text\nTalks{mark}He left, she said.\n"))
        assert (found.id, found.title, found.text) == ("a#1", "Talks", "He left, she said.")

    def test_single_column(self, tmp_path):
        assert [a.text for a in articles(write(tmp_path, "a.csv", 'text\n"He left, she said."\nTwo.\n'))] == [
            "He left, she said.",
            "Two.",
        ]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings(self, tmp_path, encoding):
        assert article(write(tmp_path, "a.csv", "text,title\nZoë’s café.,x\n".encode(encoding))).text == "Zoë’s café."

    def test_late_legacy_bytes(self, tmp_path):
        rows = b"text\n" + (b"A plain row. " * 5000 + b"\n") * 20 + b"Zo\xeb left.\n"
        assert articles(write(tmp_path, "a.csv", rows))[-1].text == "Zoë left."

    def test_missing_columns_list_what_is_there(self, tmp_path):
        path = write(tmp_path, "a.csv", "headline,words\nTalks,He left.\n")
        assert '"headline", "words"' in problem(path).reason
        found = problem(path, text_column="words", date_column="day")
        assert found.kind == "no-column" and '"day"' in found.reason and '"headline", "words"' in found.reason
        assert article(path, text_column="words", title_column="headline").title == "Talks"

    def test_rows_that_do_not_fit(self, tmp_path):
        path = write(tmp_path, "a.csv", "id,text\n1,He left, she said.\n2\n\n3,Fine.\n")
        found = list(read([path]))
        assert [getattr(f, "kind", None) for f in found] == ["bad-csv", "empty", None]
        assert "row 1" in found[0].reason and "quotation marks" in found[0].reason
        assert found[2].id == "3"

    def test_column_names_only(self, tmp_path):
        assert problem(write(tmp_path, "a.csv", "id,text\n")).kind == "empty"


class TestParquet:
    def write(self, path, **columns):
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table(columns), path)
        return path

    def test_rows(self, tmp_path):
        from datetime import datetime

        path = self.write(
            tmp_path / "a.parquet",
            text=["One.\r\nTwo.", None, "Three."] * 200,
            date=[datetime(2031, 3, 4)] * 600,
            source=["Courier"] * 600,
        )
        found = list(read([path]))
        assert len(found) == 600 and sum(isinstance(f, Problem) for f in found) == 200
        assert (found[0].id, found[0].text, found[0].date, found[0].outlet) == (
            "a#1",
            "One.\r\nTwo.",
            "2031-03-04",
            "Courier",
        )
        assert found[599].id == "a#600"

    def test_missing_text_lists_the_columns(self, tmp_path):
        found = problem(self.write(tmp_path / "a.parquet", words=["He left."]))
        assert found.kind == "no-text" and '"words"' in found.reason

    def test_no_parquet(self, tmp_path):
        assert problem(write(tmp_path, "a.parquet", "He left.")).kind == "bad-parquet"


class TestHtml:
    PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>Ferry talks go on | Marble Courier</title>
<meta property="og:title" content="Ferry talks go on"><meta property="og:site_name" content="Marble Courier">
<meta property="article:published_time" content="2031-03-04T10:00:00Z">
<link rel="canonical" href="https://example.org/a">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Ferry talks go on</h1>
<p>The harbour minister Zoë Lee said on Monday that the talks with the islands had been useful and would go on.</p>
<p>“We are not in a hurry,” she told reporters in the old town hall, where the envoys had met for three days.</p>
<p>The envoy of the islands thanked her for the invitation and said that he expected results before the summer.</p>
</article><footer>Copyright 2031 Marble Courier. All rights reserved.</footer></body></html>"""

    @pytest.mark.parametrize(("name", "charset"), [("a.html", "utf-8"), ("a.htm", "windows-1252"), ("a.txt", "utf-8")])
    def test_page(self, tmp_path, name, charset):
        pytest.importorskip("trafilatura")
        found = article(write(tmp_path, name, self.PAGE.format(charset=charset).encode(charset)))
        assert found.title == "Ferry talks go on"
        assert (found.outlet, found.url) == ("Marble Courier", "https://example.org/a")
        assert found.text.startswith("The harbour minister Zoë Lee said") and found.text.endswith("before the summer.")
        assert "Sport" not in found.text

    def test_page_without_article(self, tmp_path):
        pytest.importorskip("trafilatura")
        assert problem(write(tmp_path, "a.html", "<html><body></body></html>")).kind == "no-text"

    def test_missing_package_says_what_to_install(self, tmp_path, monkeypatch):
        monkeypatch.setitem(sys.modules, "trafilatura", None)
        found = problem(write(tmp_path, "a.html", "<html><body><p>He left.</p></body></html>"))
        assert found.kind == "missing-extra" and "pip install 'stance[html]'" in found.reason
