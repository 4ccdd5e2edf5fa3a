import json

import pytest

from stance import models
from stance.errors import ModelError
from stance.models import model_folder, model_hash, shipped_models

CARD = """---
license: apache-2.0
model-index:
- name: attribution
  results:
  - dataset: {name: PolNeAR dev}
    metrics:
    - {type: f1, name: cue F1, value: 71.5}
---

# Attribution

Finds sources, cues and contents
of news. It is small.
"""


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "models" / "attribution"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    monkeypatch.setattr(models, "shipped", lambda kind: tmp_path / kind)
    return folder


def test_a_name_and_a_path_lead_to_the_folder(shipped):
    assert model_folder("attribution") == shipped
    assert model_folder(str(shipped)) == shipped


def test_unknown_name_is_refused_with_the_nearest(shipped):
    with pytest.raises(ModelError, match=r'no model \'atribution\'.*Did you mean "attribution"\?.*stance models'):
        model_folder("atribution")


def test_folder_that_is_no_model_is_refused(shipped, tmp_path):
    with pytest.raises(ModelError, match=r"is not a model: config.json is missing"):
        model_folder(tmp_path)


def test_hash_changes_with_all_that_decides_what_the_model_says(shipped):
    first = model_hash(shipped)
    (shipped / "README.md").write_text("other words")
    (shipped / "metrics.json").write_text("{}")
    assert model_hash(shipped) == first
    (shipped / "calibration.json").write_text("{}")
    second = model_hash(shipped)
    (shipped / "model.safetensors").write_bytes(b"other weights")
    assert len({first, second, model_hash(shipped)}) == 3
    (shipped / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="has no weights"):
        model_hash(shipped)


def test_card_gives_licence_summary_and_numbers(shipped):
    (model,) = shipped_models()
    assert (model.name, model.licence) == ("attribution", "apache-2.0")
    assert model.summary == "Finds sources, cues and contents of news."
    assert model.numbers == {"PolNeAR dev cue F1": 71.5}
    assert model.bytes == sum(path.stat().st_size for path in shipped.iterdir())


def test_metrics_file_beats_the_card(shipped):
    (shipped / "metrics.json").write_text(json.dumps({"dev": {"statement F1": 0.79}, "note": "text", "seconds": 3}))
    (model,) = shipped_models()
    assert model.numbers == {"dev statement F1": 0.79, "seconds": 3.0}


def test_model_without_a_card_is_listed(shipped):
    (shipped / "README.md").unlink()
    (model,) = shipped_models()
    assert (model.licence, model.summary, model.numbers) == ("not stated", "", {})


def test_broken_card_names_its_file(shipped):
    (shipped / "README.md").write_text("---\nlicense: [\n---\ntext\n")
    with pytest.raises(ModelError, match=r"header of .*README.md is broken"):
        shipped_models()
