"""Fine-tuning: from a model and annotated articles of one's own to a better model, with proof that it is better."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import gold
from stance.config import Config, load_topics
from stance.errors import InputError
from stance.models import model_folder, model_hash
from stance.train.curve import LOG, curve
from stance.train.finetune_recipe import FinetuneRecipe
from stance.train.hold_out import Split, split
from stance.train.loop import evaluated as held_out_loss
from stance.train.loop import fit, leads
from stance.train.refuse import refuse_evaluated
from stance.types import Doc

if TYPE_CHECKING:
    from stance.train.curve import Epoch
    from stance.train.loop import Loss, Row
    from stance.train.part import Part
    from stance.train.proof import Proof

log = logging.getLogger(__name__)

CHECKPOINTS = "checkpoints"
TRAINING = "training"


@dataclass(frozen=True)
class Order:
    """What to fine-tune, on what, and how."""

    role: str
    """attribution or stance."""
    files: Sequence[Path]
    """JSONL files of annotated articles."""
    start: Path
    """Folder of the model to begin with: a model of that kind, or a plain encoder."""
    recipe: FinetuneRecipe
    config: Config
    """Topics, speakers and the other models."""
    held_out: Path | None = None
    """Articles to hold out, in place of a part of `files`."""
    replay: Path | None = None
    """Folder of the data that the shipped model was trained on; None: what of it comes with the product."""
    unlabelled: Path | None = None
    """A run of `stance label`, whose answers are kept."""


@dataclass(frozen=True)
class Material:
    """An order with its articles read and its rows made."""

    order: Order
    part: Part
    split: Split
    rows: Sequence[Row]
    watched: Sequence[Row]
    """Of the held-out articles."""
    replayed: int


@dataclass(frozen=True)
class Outcome:
    folder: Path
    proof: Proof
    epochs: Sequence[Epoch]


def prepare(order: Order) -> Material:
    """Read the articles, hold some out, make rows.

    Raises:
        InputError: articles do not fit their text or the topics, are evaluated on, or are too few.
    """
    docs = load_docs(order.files)
    refuse_evaluated(order.files, [order.held_out] if order.held_out else [])
    known = {target.id for target in load_topics(order.config.topics).targets}
    if unknown := sorted({s.target for d in docs for st in d.statements for s in st.stances if s.target} - known):
        raise InputError(
            f"The articles have stances toward {', '.join(unknown[:5])}, which the topics file does not know. Give the "
            "file that they were annotated with: --topics FILE."
        )
    if order.held_out:
        held = load_docs([order.held_out])
        parted = Split(tuple(docs), tuple(held), f"{len(held)} articles of {order.held_out.name}")
    else:
        parted = split(docs, order.recipe.held_out)
    part = _part(order)
    rows = part.rows(parted.train)
    if not rows:
        raise InputError("The articles to learn from hold no statement. Correct them first, then import them again.")
    watched = part.rows(parted.held_out)
    extra: list[Row] = []
    if order.recipe.replay:
        pool = part.replayed(order.replay, parted.held_out)
        wanted = min(len(pool), round(order.recipe.replay * len(rows)))
        extra = random.Random(order.recipe.schedule.seed).sample(pool, wanted)
    if order.unlabelled is not None:
        rows = [*rows, *part.unlabelled(_run_docs(order.unlabelled, [*parted.train, *parted.held_out]))]
    return Material(order, part, parted, [*rows, *extra], watched, len(extra))


def finetune(material: Material, out: Path, overwrite: bool = False) -> Outcome | None:
    """Train, write the model folder with its proof, and say how it went.

    Args:
        material: from `prepare`.
        out: the model's folder. A training that was killed goes on from its last checkpoint there when it is called
            again with the same order.
        overwrite: begin anew in a folder that holds a model, or a training with other data or options.

    Returns:
        What came of it; None in all but the first of several processes that train together (`accelerate launch`).

    Raises:
        InputError: the folder holds something else.
    """
    from stance.train import proof

    order, part, parted = material.order, material.part, material.split
    folder = out / CHECKPOINTS
    if not leads():
        _train(material, folder)
        return None
    _claim(out, material, overwrite)
    files = [order.held_out] if order.held_out else order.files
    held_out = _write_docs(out / TRAINING / "held_out.jsonl", parted.held_out, files)
    before = proof.evaluated(held_out, part.role, compared_with(material), order.config)
    model = _train(material, folder)
    part.save(model, out, parted.train)
    notes = [part.calibrate(out, parted.held_out), *_notes(material)]
    after = proof.evaluated(held_out, part.role, out, order.config)
    proven = proof.compared(before, after, part)
    epochs = curve(folder)
    proof.kept(before, after, proven, out)
    _write_card(material, out, proven, epochs, notes)
    shutil.copyfile(folder / LOG, out / TRAINING / LOG)
    shutil.rmtree(folder)
    return Outcome(out, proven, epochs)


def _train(material: Material, folder: Path) -> Any:
    """The trained network, with no adapters left in it."""
    from transformers import set_seed

    part, schedule = material.part, material.order.recipe.schedule
    set_seed(schedule.seed)  # what is new in a model is drawn
    model = part.build()
    loss, adapters = objective(material, model)

    def watch(own: Any) -> float:
        return held_out_loss(own, material.watched, part.plain, part.loss, 4 * part.batch)

    fit(model, material.rows, part.collate, loss, schedule, folder, watch)
    if adapters is not None:
        from stance.train.adapters import merged

        merged(adapters)
    return model


def objective(material: Material, model: Any) -> tuple[Loss, Any]:
    """The loss to train with, and the adapters that it trains, if any."""
    from stance.train.retain import keeping, staying

    part, recipe = material.part, material.order.recipe
    adapters = None
    if recipe.lora:
        from stance.train.adapters import adapted

        adapters = adapted(part.encoder(model), recipe.lora)
    loss: Loss = part.loss
    if recipe.near:
        loss = staying(loss, model, recipe.near)
    if recipe.keep and part.parent:
        loss = keeping(loss, part.build(), part.divergence, recipe.keep)
    return loss, adapters


def load_docs(files: Sequence[Path]) -> list[Doc]:
    """Annotated articles of several files.

    Raises:
        InputError: there are none, one does not fit, or two have one id.
    """
    docs = [doc for file in files for doc in gold.load(file)]
    if not docs:
        raise InputError(f"{', '.join(map(str, files))} holds no articles.")
    ids = [doc.article.id for doc in docs]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise InputError(f"Several articles have the id {twice[0]!r}; ids must differ. Leave out one of them.")
    return docs


def data_files(path: Path) -> list[Path]:
    """The JSONL files of annotated articles that a path means: itself, or those in a folder.

    Raises:
        InputError: there is none.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise InputError(f"{path} holds no articles: give a JSONL file that `stance annotate import` wrote, or more.")
    return files


def _part(order: Order) -> Part:
    if order.role == "attribution":
        from stance.train.finetune_attribution import AttributionPart

        return AttributionPart(order.start, order.recipe)
    from stance.train.finetune_stance import StancePart

    return StancePart(order.start, load_topics(order.config.topics), order.recipe)


def compared_with(material: Material) -> Path:
    """The model that the new one is laid beside: the one begun with, or the configured one."""
    own = material.order.config.models.model_dump()[material.part.role]
    return material.order.start if material.part.parent else model_folder(own)


def _claim(out: Path, material: Material, overwrite: bool) -> None:
    """Make sure that the folder is empty or holds the beginning of this very training."""
    own, note = fingerprint(material), out / CHECKPOINTS / "order.json"
    if overwrite and out.is_dir():
        _clear(out)
    if note.is_file():
        if json.loads(note.read_text(encoding="utf-8")) != own:
            raise InputError(
                f"{out} holds a training that was begun with other data or options. Give the same ones to go on, "
                "another folder with -o, or --overwrite."
            )
        log.info("Going on where the training in %s was stopped.", out)
    elif out.is_dir() and any(out.iterdir()):
        raise InputError(f"{out} is not empty. Give another folder with -o, or --overwrite a model that lies there.")
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(own, indent=1) + "\n", encoding="utf-8")


def _clear(out: Path) -> None:
    """Empty a model's folder; never one that holds something else."""
    if any(out.iterdir()) and not (out / "config.json").is_file() and not (out / CHECKPOINTS).is_dir():
        raise InputError(f"{out} holds no model, so it is not overwritten. Give another folder with -o.")
    shutil.rmtree(out)


def fingerprint(material: Material) -> dict[str, str]:
    """Hashes of all that decides the result."""
    order = material.order
    texts = [doc.article.id + doc.article.text for doc in (*material.split.train, *material.split.held_out)]
    rows = json.dumps([[row["input_ids"] for row in material.rows], texts])
    files = [path.read_bytes() for path in (*order.files, *([order.held_out] if order.held_out else ()))]
    return {
        "role": order.role,
        "data": sha256(b"\0".join([*files, rows.encode()])).hexdigest(),
        "start": model_hash(order.start),
        "topics": load_topics(order.config.topics).hash,
        "recipe": json.dumps(order.recipe.values(), sort_keys=True),
    }


def _notes(material: Material) -> list[str]:
    notes = [f"Seed {material.order.recipe.schedule.seed}."]
    if material.order.unlabelled:
        notes.append(f"Answers on the statements of {material.order.unlabelled.name} were kept.")
    if material.replayed:
        notes.append(f"{material.replayed} rows of the shipped model's data were trained on again.")
    return notes


def _write_card(material: Material, out: Path, proof: Proof, epochs: Sequence[Epoch], notes: Sequence[str]) -> None:
    from stance.train.card import write_card
    from stance.train.finetune_card import finetune_card

    order = material.order
    card = finetune_card(
        material.part, order.start, material.split, order.recipe, proof, epochs, notes, material.replayed
    )
    write_card(out, card)


def _write_docs(path: Path, docs: Sequence[Doc], files: Sequence[Path]) -> Path:
    """The rows of some articles as they stand in their files, so that `stance evaluate` takes them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = {doc.article.text for doc in docs}
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    kept = [line for line in lines if json.loads(line)["text"] in wanted]
    path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    return path


def _run_docs(run: Path, known: Sequence[Doc]) -> list[Doc]:
    """The articles of a run, without those that are annotated."""
    from stance.annotate import docs_of

    texts = {doc.article.text for doc in known}
    return [doc for doc in docs_of(run) if doc.article.text not in texts]
