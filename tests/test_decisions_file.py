"""The decisions file: what people wrote in it stays, and what is wrong in it is named with its line."""

import pytest
import yaml

from stance.errors import ConfigError
from stance.speakers import append, load


def test_a_file_keeps_what_people_wrote_in_it(tmp_path):
    file = tmp_path / "decisions.yaml"
    file.write_text("# Mara told me so herself.\n- rename: a   # 3 May\n  name: Mara", encoding="utf-8")
    append(file, {"split": "é"})
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Mara told me so herself.\n- rename: a   # 3 May\n  name: Mara\n")
    assert load(file) == yaml.safe_load(text) == [{"rename": "a", "name": "Mara"}, {"split": "é"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {merge: [a], intoo: b}", r"d.yaml:1: unknown key 'intoo' beside 'merge'. Did you mean \"into\"\?"),
        ("- {split: a}\n- {merge: [a]}", r"d.yaml:2: 'merge' needs 'into' beside it"),
        ("- {merge: a, into: b}", "'merge' must be a list of texts"),
        ("- {split: a, articles: [7], into: b}", "'articles' must be a list of texts; got .7.. Quote numbers"),
        ("- {split: a, articles: ['7']}", "'split' needs 'into' beside it"),
        ("- {set: a, kind: persn}", r"no kind of speaker 'persn'. Did you mean \"person\"\?"),
        ("- {set: a, wikidata: '7'}", "a Wikidata id looks like Q42"),
        ("- {merge: [unknown], into: b}", "'unknown' is no speaker"),
        ("- {split: a}\n- {merge: [a], into: unknown}", "d.yaml:2: 'unknown' is no speaker. Give an id to go into"),
        ("- {split: a, articles: [b], into: unknown}", "'unknown' is no speaker"),
        ("- {split: a, into: b}", "'split' needs 'articles' or 'statements' beside it"),
        ("- {split: a, name: B}", "'split' needs 'articles' or 'statements' beside it"),
        ("- {set: a}", "'set' needs 'affiliation' or 'kind' or 'role' or 'wikidata' beside it"),
        ("- {rename: a, name: ' '}", "'name' must be one line of text, not empty"),
        ('- {rename: a, name: "B\\nC"}', "'name' must be one line of text"),
        ('- {set: a, role: "\\e[31mmayor"}', "without control characters"),
        ("- {merge: [''], into: b}", "'merge' must be one line of text, not empty"),
        ("- {rename: a, set: a, name: b}", "a decision has one of the keys merge, split, rename, set"),
        ("merge: a", "decisions are a list of lines"),
    ],
)
def test_a_wrong_file_is_refused_with_the_line(tmp_path, text, message):
    (tmp_path / "d.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load(tmp_path / "d.yaml")
