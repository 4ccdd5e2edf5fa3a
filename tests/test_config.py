import re
from pathlib import Path

import pytest
import yaml

from stance.config import Config, Target, check, commented, load_config, load_topics
from stance.errors import ConfigError
from stance.shipped import shipped


@pytest.fixture
def write(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_default_file_holds_every_option_with_a_comment():
    lines = (shipped("configs") / "default.yaml").read_text(encoding="utf-8").splitlines()
    inner = [Config.model_fields[group].annotation.model_fields for group in ("read", "models")]
    names = [name for fields in (Config.model_fields, *inner) for name in fields]
    for name in names:
        (number,) = [i for i, line in enumerate(lines) if re.match(rf"\s*{name}:", line)]
        assert lines[number - 1].strip().startswith("#"), f"{name} has no comment above it"


def test_user_file_lies_over_the_defaults(write):
    config = load_config(write("read:\n  encoding: cp1252\nbatch: 4\n"))
    assert (config.read.encoding, config.batch) == ("cp1252", 4)
    assert config.models == load_config().models
    assert config.read.text_column is None


def test_empty_user_file_changes_nothing(write):
    assert load_config(write("# nothing\n")) == load_config()


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("batch: 4\nread:\n  enconding: utf-8\n", 3, 'Did you mean "encoding"?'),
        ("batch: 4\n\nmin_scores: 1\n", 3, 'Did you mean "min_score"?'),
        ("batch: 0\n", 1, "greater than or equal to 1"),
        ("strict: false\nbatch: yes\n", 2, "'batch' cannot be True"),
        ("batch: 1\nbatch: 2\n", 2, "given twice"),
        ("read: [\n", 2, "not valid YAML"),
        ("read: 3\n", 1, "'read' cannot be 3"),
    ],
)
def test_wrong_option_is_refused_with_its_line(write, text, line, hint):
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert f"{path}:{line}:" in str(caught.value)
    assert hint in str(caught.value)


def test_all_faults_are_named_at_once(write):
    with pytest.raises(ConfigError, match=r"(?s)min_score.*device"):
        load_config(write("min_score: 7\ndevice: 3\n"))


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match=r"Cannot read .*nix.yaml.*Give the path"):
        load_config(tmp_path / "nix.yaml")


def test_settings_keep_the_type_of_the_option():
    config = load_config(settings=["min_score=0.25", "read.encoding=gb18030", "strict=true"])
    assert (config.min_score, config.read.encoding, config.strict) == (0.25, "gb18030", True)


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        ("min_scor=1", 'Did you mean "min_score"?'),
        ("batch=many", "'batch' cannot be 'many'"),
        ("scope=opinions", "'statements' or 'attributions'"),
        ("batch", "key=value"),
        ("red.encoding=x", 'Did you mean "read.encoding"?'),
        ("topics=[", "quotes"),
    ],
)
def test_wrong_setting_is_refused(setting, hint):
    with pytest.raises(ConfigError) as caught:
        load_config(settings=[setting])
    assert hint in str(caught.value)


def test_config_show_is_a_configuration_that_gives_the_same(write):
    config = load_config(settings=["read.title_column='a: b'", "batch=3", "models.stance=/m/é"])
    text = commented(config)
    assert load_config(write(text)) == config
    assert text.count("#") == commented(load_config()).count("#")


def test_shipped_topics():
    topics = load_topics()
    assert topics["brics"].topic == "brics"
    assert "BRICS" in topics["brics"].aliases
    assert len({target.id for target in topics.targets}) == len(topics.targets) > 40
    assert all(target.topic == topic.id for topic in topics.topics for target in topic.targets)
    with pytest.raises(KeyError):
        topics["nix"]


TREES = """
topics:
  - id: trees
    label: City trees
    aliases: [tree, lime]
    targets:
      - {id: more-trees, proposition: "The city should plant more trees.", aliases: [planting]}
"""


def test_own_topics_replace_the_shipped_ones(write):
    topics = load_topics(write(TREES))
    (target,) = topics.targets
    assert target == Target("more-trees", "trees", "more trees", "The city should plant more trees.", ("planting",))
    assert topics.topics[0].aliases == ("tree", "lime")


def test_own_topics_extend_the_shipped_ones(write):
    extra = """  - id: brics
    aliases: [Kazan]
    targets:
      - {id: brics, proposition: "BRICS should stay as it is."}
      - {id: brics-money, proposition: "BRICS should have its own money."}
"""
    topics = load_topics(write("extends: default\n" + TREES.lstrip() + extra))
    default = load_topics()
    assert len(topics.targets) == len(default.targets) + 2
    assert topics["brics"].proposition == "BRICS should stay as it is."
    (topic,) = [t for t in topics.topics if t.id == "brics"]
    assert topic.aliases == ("BRICS", "Kazan")
    assert topic.label == "BRICS"


def test_hash_depends_on_content_alone(write):
    first = load_topics(write(TREES)).hash
    assert load_topics(write("# a comment\n" + TREES)).hash == first
    assert load_topics(write(TREES.replace("more trees.", "fewer trees."))).hash != first


def test_wording_for_reports_changes_no_hash(write):
    worded = load_topics(write(TREES.replace("id: more-trees,", "id: more-trees, phrase: new trees, varies: true,")))
    assert (worded["more-trees"].phrase, worded["more-trees"].varies) == ("new trees", True)
    assert worded.hash == load_topics(write(TREES)).hash


def test_shipped_phrases_fit_into_a_sentence():
    for target in load_topics().targets:
        assert target.phrase and not target.phrase.endswith("."), f"{target.id} needs a noun phrase"


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (TREES.replace("more-trees", "More Trees"), 7, "'topics.0.targets.0.id' cannot be 'More Trees'"),
        (TREES.replace('"The city should plant more trees."', '" "'), 7, "proposition"),
        (TREES.replace("propo", "prepo"), 7, 'Did you mean "proposition"?'),
        (TREES + '      - {id: more-trees, proposition: "Again."}\n', 8, "used twice"),
        (TREES + "  - {id: trees}\n", 8, "used twice"),
        (TREES + "  - {id: empty}\n", 8, "no targets"),
        ("extends: nothing\n" + TREES, 1, "extends"),
        (
            "extends: default\ntopics:\n- {id: x, targets: [{id: brics, proposition: a}]}\n",
            3,
            "already belongs to the topic 'brics'",
        ),
        ("topics: []\n", 1, "topics"),
        ("- trees\n", 1, ""),
        ("", 1, ""),
    ],
)
def test_wrong_topics_are_refused_with_their_line(write, text, line, hint):
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load_topics(path)
    assert f"{path}:{line}:" in str(caught.value)
    assert hint in str(caught.value)


def test_check_tells_the_two_kinds_of_file_apart(write):
    assert "1 topics with 1 targets" in check(write(TREES))
    assert "sets 2 options" in check(write("batch: 2\nstrict: true\n"))
    with pytest.raises(ConfigError, match="batsh"):
        check(write("batsh: 2\n"))


def test_topics_file_is_plain_yaml_for_other_tools():
    data = yaml.safe_load((shipped("configs") / "topics.yaml").read_text(encoding="utf-8"))
    assert {"id", "label", "targets"} <= set(data["topics"][0])
