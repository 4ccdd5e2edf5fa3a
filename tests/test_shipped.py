import tomllib
from pathlib import Path

import pytest

import stance
from stance import shipped as module
from stance.errors import StanceError
from stance.shipped import recipe_file, shipped

PACKAGE = Path(stance.__file__).parent
PROJECT = PACKAGE.parent / "pyproject.toml"


def test_configs_of_a_checkout_are_read_in_place():
    assert (shipped("configs") / "default.yaml").is_file()


def test_those_inside_the_package_win(tmp_path, monkeypatch):
    for folder in ("configs", "stance/_configs"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "stance")
    assert shipped("configs") == tmp_path / "stance" / "_configs"
    (tmp_path / "stance" / "_configs").rmdir()
    assert shipped("configs") == tmp_path / "configs"


def test_incomplete_installation_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "stance")
    with pytest.raises(StanceError, match=r"The shipped models are missing.*pip install"):
        shipped("models")


def test_recipe_by_name_or_file(tmp_path):
    assert recipe_file("stance") == shipped("configs") / "train" / "stance.yaml"
    (tmp_path / "mine.yaml").write_text("task: stance\n")
    assert recipe_file(str(tmp_path / "mine.yaml")) == tmp_path / "mine.yaml"
    with pytest.raises(StanceError, match=r"no recipe 'stanze'.*Shipped: .*attribution"):
        recipe_file("stanze")


@pytest.mark.skipif(not PROJECT.exists(), reason="not a checkout")
def test_the_wheel_takes_every_subpackage_and_the_shipped_files():
    setup = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["setuptools"]
    on_disk = {
        ".".join(path.parent.relative_to(PACKAGE.parent).parts)
        for path in PACKAGE.rglob("*.py")
        if "__pycache__" not in path.parts
    }
    assert on_disk | {"stance._configs", "stance._models"} == set(setup["packages"])
    for kind in ("configs", "models"):
        assert setup["package-dir"][f"stance._{kind}"] == kind
        assert setup["package-data"][f"stance._{kind}"] == ["**/*"]
