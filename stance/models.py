"""Model folders: finding a shipped one by name, telling two apart by their weights, reading what a card says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import ModelError
from stance.shipped import shipped
from stance.yamlfile import did_you_mean

CARD = "README.md"
METRICS = "metrics.json"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What `stance models` says of one shipped model."""

    name: str
    folder: Path
    bytes: int
    """Of all files of the folder."""
    licence: str
    summary: str
    """The first sentence of the card's text."""
    card: Path
    numbers: dict[str, float]
    """Its main scores by name, as the card gives them."""


def model_folder(name: str | Path) -> Path:
    """The folder of a model: a path that exists, or the name of a shipped one.

    Raises:
        ModelError: there is neither.
    """
    for folder in (Path(name), shipped("models") / name):
        if (folder / "config.json").is_file():
            return folder
    if Path(name).is_dir():
        raise ModelError(f"{name} is not a model: config.json is missing. Give a folder that `stance train` wrote.")
    names = [folder.name for folder in _folders()]
    raise ModelError(
        f"There is no model {str(name)!r}: no such folder, and none of that name is shipped."
        f"{did_you_mean(str(name), names)} Give the folder of a model, or a name that `stance models` lists."
    )


def model_hash(folder: Path) -> str:
    """SHA-256 (hex) over weights, tokenizer and settings: all files but card and scores, in the order of their names.

    Raises:
        ModelError: it has none.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in (CARD, METRICS))
    if not any(path.suffix == ".safetensors" for path in files):
        raise ModelError(
            f"The model in {folder} has no weights: there is no .safetensors file. Copy the whole folder again."
        )
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def shipped_models() -> list[ModelInfo]:
    """All models that come with the product, by name."""
    return [_info(folder) for folder in _folders()]


def _folders() -> list[Path]:
    return sorted(path.parent for path in shipped("models").glob("*/config.json"))


def _info(folder: Path) -> ModelInfo:
    card = folder / CARD
    header, text = read_card(card)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    licence = str(header.get("license_name") or header.get("license") or "not stated")
    return ModelInfo(folder.name, folder, size, licence, _first_sentence(text), card, _numbers(folder, header))


def read_card(path: Path) -> tuple[dict[str, Any], str]:
    """The YAML header of a model card and the text after it."""
    import yaml

    if not path.is_file():
        return {}, ""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return {}, text
    header, _, body = text[4:].partition("\n---")
    try:
        values = yaml.safe_load(header)
    except yaml.YAMLError as error:
        raise ModelError(f"The YAML header of {path} is broken: {error}") from error
    return (values if isinstance(values, dict) else {}), body.lstrip("-\n")


def _first_sentence(text: str) -> str:
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if not line.startswith(("#", "|", "<", "-", "```"))]
        if line := " ".join(lines).strip():
            return line.partition(". ")[0].rstrip(".") + "."
    return ""


def _numbers(folder: Path, header: dict[str, Any]) -> dict[str, float]:
    path = folder / METRICS
    if path.is_file():
        return _flat(json.loads(path.read_text(encoding="utf-8")))
    numbers = {}
    for entry in header.get("model-index") or []:
        for result in entry.get("results") or []:
            data = (result.get("dataset") or {}).get("name", "")
            for metric in result.get("metrics") or []:
                name = metric.get("name") or metric["type"]
                numbers[f"{data} {name}".strip()] = float(metric["value"])
    return numbers


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, float]:
    flat: dict[str, float] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key} ")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            flat[f"{prefix}{key}"] = float(value)
    return flat
