"""The trained stance model: one encoder, two ways of asking it.

`many` encodes a statement once and judges every target in one pass; `pairs` reads statement and target
together, which costs a pass each. Both give logits over `CLASSES`. A model folder holds the encoder with
its pair head as plain transformers or, smaller, `stance.weights` saves it, and beside it

    many.safetensors    the head of `many`
    targets.json        the texts of the targets that training knew, row by row of the head's corrections
    calibration.json    how logits become probabilities (see `Calibration`)
    ranges.json         between which numbers its layers' inputs lie, for 8 bits (see `stance.lean`)
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.encoder import Encoder, Precision, Tokens
from stance.errors import ModelError
from stance.pieces import load_pieces
from stance.view import Composer, Parts, View

if TYPE_CHECKING:
    import numpy as np
    import torch

    from stance.config import Target, Topic

CLASSES = ("unrelated", "favor", "against", "neutral")
"""What a judgement chooses between, in the order of the logits; after the first, that of `stance.types.LABELS`."""

CANDIDATES = 4
"""Targets that a statement is judged on at most, the likeliest by `many`: so it is in fitting, so it must stay."""


def target_text(target: Target) -> str:
    """How the model reads a target.

    >>> from stance.config import load_topics
    >>> target_text(load_topics()["brics"])
    'brics: BRICS cooperation should be strengthened and expanded.'
    """
    return f"{target.label}: {target.proposition}"


def topic_text(topic: Topic) -> str:
    """How the model reads a topic."""
    return f"topic: {topic.label}"


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become probabilities and decisions, fitted on articles that training never saw.

    The logit of bearing on the target, and the logits of the three stances given that it does, are each a
    weighted sum of what `many` and `pairs` say; an alias of the target in the statement adds to the former.
    """

    about: tuple[float, float, float] = (1.0, 0.0, 0.0)
    """Weights of `many` and `pairs`, and a constant."""
    alias: float = 0.0
    """What an alias of the target in cue or content adds to the logit of bearing on it."""
    stance: tuple[float, float] = (1.0, 0.0)
    """Weights of `many` and `pairs`: inverse temperatures."""
    sides: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Added to the logits of the stances: training shows every side more evenly than articles do."""
    pair_about: float = 1.0
    """Inverse temperature where only `pairs` is asked. There is no constant: it would hold how rarely a target of the
    topics file is meant, and who asks about a text with one target knows why."""
    pair_stance: float = 0.0
    """Inverse temperature where only `pairs` is asked; 0: the model was not trained to be."""
    candidate: float = 0.02
    """Targets under this probability of being meant, by `many` alone, are not looked at again."""
    threshold: float = 0.5
    """A statement bears on a target from this probability on."""
    topic: float = 0.5
    """A statement without target is tagged with a topic from this probability on."""
    abstain: float = 0.0
    """A label whose probability lies under this is marked as abstained."""
    error_rate: float | None = None
    """Share of wrong labels, among those not abstained, that `abstain` was chosen for."""

    @property
    def asks_pairs(self) -> bool:
        """Whether a pass over statement and target together has a say; without it, `many` alone decides."""
        return bool(self.about[1] or self.stance[1])


class Judge:
    """A stance model, ready to be asked.

    Args:
        folder: as `stance train` writes it.
        device: "cpu", "cuda", "mps", or None for the best there is.
        precision: see `stance.encoder.Encoder`.

    Raises:
        ModelError: the folder holds no stance model.
    """

    def __init__(self, folder: str | Path, device: str | None = None, precision: Precision | None = None) -> None:
        from stance.heads import ManyTargets
        from stance.weights import read

        folder = Path(folder)
        self.whole = Encoder(folder, "AutoModelForSequenceClassification", device, precision)
        if not (folder / "many.safetensors").is_file():
            raise ModelError(
                f"{folder} holds a model, but no stance model: many.safetensors is missing. "
                "Give a folder that `stance train` wrote, or leave the option out to use the shipped model."
            )
        self.body = copy.copy(self.whole)
        self.body.model = self.whole.model.base_model
        self.composer = Composer(load_pieces(folder))
        known = json.loads((folder / "targets.json").read_text(encoding="utf-8"))
        self.known = {text: row for row, text in enumerate(known)}
        self.head = ManyTargets.of(read(folder / "many.safetensors"))
        self.head.to(self.whole.device).eval()
        if self.whole.lean:
            from stance.lean import convert

            convert(self.head, self.whole.precision, keep=("hidden", "label"))  # where rounding would show most
        self.calibration = load_calibration(folder)
        self._queries: dict[str, np.ndarray] = {}
        self._answers: dict[tuple[View, tuple[str, ...]], np.ndarray] = {}

    def ask(self, views: Sequence[View], targets: Sequence[str]) -> np.ndarray:
        """As `many`, for views. What the last call answered is remembered: stages that follow each other ask once."""
        import numpy as np

        texts = tuple(targets)
        asked = list(dict.fromkeys((view, texts) for view in views))
        new = [question for question in asked if question not in self._answers]
        found = dict(zip(new, self.many(self.composer.parts([view for view, _ in new]), texts), strict=True))
        self._answers = {question: self._answers.get(question, found.get(question)) for question in asked}
        rows = [self._answers[view, texts] for view in views]
        return np.array(rows, dtype=np.float32).reshape(len(views), len(texts), len(CLASSES))

    def many(
        self, parts: Sequence[Parts], targets: Sequence[str], done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        """Logits [statements, targets, 4] for every statement and target text."""
        import numpy as np
        import torch

        if not parts or not targets:
            return np.zeros((len(parts), len(targets), len(CLASSES)), dtype=np.float32)
        queries = torch.tensor(self.target_vectors(targets), device=self.whole.device)
        known = torch.tensor([self.known.get(text, -1) for text in targets], device=self.whole.device)

        def judged(output: Any, mask: torch.Tensor) -> torch.Tensor:
            return self.head(output.last_hidden_state.float(), mask, queries, known).flatten(1)

        rows = self.body.run([self.composer.statement(part) for part in parts], pick=judged, done=done)
        return np.stack(rows).reshape(len(parts), len(targets), len(CLASSES))

    def each(self, parts: Sequence[Parts], targets: Sequence[str]) -> np.ndarray:
        """Logits [statements, 4] of `many` for every statement with one target text of its own."""
        import numpy as np

        logits = np.zeros((len(parts), len(CLASSES)), dtype=np.float32)
        for text in dict.fromkeys(targets):
            rows = [row for row, target in enumerate(targets) if target == text]
            logits[rows] = self.many([parts[row] for row in rows], [text])[:, 0]
        return logits

    def target_vectors(self, targets: Sequence[str]) -> np.ndarray:
        """What the head asks with: [targets, width]. Texts that mean the same lie near each other."""
        import numpy as np

        return np.stack(self._encoded(targets))

    def text_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """The encoder's mean vector of each text: [texts, width]."""
        import numpy as np

        from stance.heads import pooled

        sequences = [self.composer.statement(part) for part in self.composer.parts([View(text) for text in texts])]
        return np.stack(
            self.body.run(sequences, pick=lambda output, mask: pooled(output.last_hidden_state.float(), mask))
        )

    def _encoded(self, targets: Sequence[str]) -> list[np.ndarray]:
        """The vector of every target text; each is encoded once."""
        from stance.heads import pooled

        new = [text for text in dict.fromkeys(targets) if text not in self._queries]
        sequences = [self.composer.alone(self.composer.target(text)) for text in new]
        vectors = self.body.run(sequences, pick=lambda output, mask: pooled(output.last_hidden_state.float(), mask))
        self._queries.update(zip(new, vectors, strict=True))
        return [self._queries[text] for text in targets]

    def pairs(self, pairs: Sequence[tuple[Parts, str]], done: Callable[[int], None] | None = None) -> np.ndarray:
        """Logits [pairs, 4] for every statement with one target text."""
        import numpy as np

        if not pairs:
            return np.zeros((0, len(CLASSES)), dtype=np.float32)
        texts = {text: self.composer.target(text) for text in {text for _, text in pairs}}
        sequences: list[Tokens] = [self.composer.pair(parts, texts[text]) for parts, text in pairs]
        return np.stack(self.whole.run(sequences, done=done))


def about_logit(logits: np.ndarray) -> np.ndarray:
    """Logit of "bears on the target" from logits over `CLASSES` (last axis)."""
    import numpy as np

    stance = logits[..., 1:]
    top = stance.max(-1)
    return top + np.log(np.exp(stance - top[..., None]).sum(-1)) - logits[..., 0]


def probabilities(
    many: np.ndarray, pairs: np.ndarray, named: np.ndarray, calibration: Calibration
) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated P(bears on the target) and P(stance | it does) from the logits of both ways.

    Args:
        many: [..., 4]
        pairs: [..., 4], zeros where pairs were not asked.
        named: [...], whether an alias of the target stands in the statement.
        calibration: of the model that said so.

    Returns:
        [...] and [..., 3], the latter in the order of `stance.types.LABELS`.
    """
    many_weight, pair_weight, constant = calibration.about
    about = many_weight * about_logit(many) + pair_weight * about_logit(pairs) + constant
    about = about + calibration.alias * named
    stance = calibration.stance[0] * centred(many) + calibration.stance[1] * centred(pairs) + calibration.sides
    return sigmoid(about), softmax(stance)


def centred(logits: np.ndarray) -> np.ndarray:
    """The logits of the three stances [..., 3], with their mean taken off."""
    return logits[..., 1:] - logits[..., 1:].mean(-1, keepdims=True)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    import numpy as np

    return 0.5 * (1 + np.tanh(0.5 * logits))


def softmax(logits: np.ndarray) -> np.ndarray:
    import numpy as np

    share = np.exp(logits - logits.max(-1, keepdims=True))
    return share / share.sum(-1, keepdims=True)


def load_calibration(folder: Path) -> Calibration:
    """The calibration of a model folder; the neutral one where it has none.

    Raises:
        ModelError: the file is of another version.
    """
    file = folder / "calibration.json"
    if not file.is_file():
        return Calibration()
    stored = json.loads(file.read_text(encoding="utf-8"))
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    known = asdict(Calibration())
    other = sorted(
        name
        for name, value in values.items()
        if name not in known or isinstance(value, tuple) != isinstance(known[name], tuple)
    )
    if other:
        raise ModelError(
            f"{file} has the values {', '.join(other)}, which this version does not know or reads otherwise. "
            "Use the version that trained the model, or train again with `stance train`."
        )
    return Calibration(**values)


def save_calibration(calibration: Calibration, folder: Path) -> None:
    text = json.dumps(asdict(calibration), indent=1)
    (folder / "calibration.json").write_text(text + "\n", encoding="utf-8")
