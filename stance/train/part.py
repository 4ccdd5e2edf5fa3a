"""What a trained part of the product must be able to do to learn from articles of a user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from stance.types import Doc

if TYPE_CHECKING:
    import torch
    from torch import nn

    from stance.train.loop import Collate, Row


class Part(Protocol):
    """The attribution model, or the stance model."""

    role: str
    """Its option in the configuration: models.ROLE."""
    metrics: Sequence[str]
    """The scores of the whole chain that show whether it got better; the first that can be measured decides."""
    given: Sequence[str]
    """Those that do with the annotated statements given: they hold where articles are annotated in part, too."""
    parent: bool
    """Whether it begins with a model of its kind, not with a plain encoder."""
    collate: Collate
    """For training: with other wordings, hidden words and the like."""
    plain: Collate
    """For development rows: without."""
    batch: int
    """Rows of a batch."""

    def rows(self, docs: Sequence[Doc]) -> list[Row]:
        """Training rows of articles."""

    def unlabelled(self, docs: Sequence[Doc]) -> list[Row]:
        """Rows of articles whose labels are not known: their answers are kept, nothing is learned."""

    def replayed(self, folder: Path | None, held_out: Sequence[Doc]) -> list[Row]:
        """Rows of the data that the shipped model was trained on, without the held-out articles.

        Args:
            folder: of these data; None: only rows that come with the product.
            held_out: what is to be left out.
        """

    def build(self) -> nn.Module:
        """The network as training begins."""

    def encoder(self, model: nn.Module) -> Any:
        """The plain transformer in it."""

    def loss(self, model: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """Of the labels, a row."""

    def divergence(self, said: Any, told: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """How far answers have gone from other ones, a row, on the scale of `loss`."""

    def save(self, model: nn.Module, out: Path, learned: Sequence[Doc]) -> None:
        """Write the model folder, without card."""

    def calibrate(self, out: Path, held_out: Sequence[Doc]) -> str:
        """Fit probabilities and thresholds where the held-out articles suffice, else take the parent's.

        Returns:
            What was done, in a sentence for the card.
        """
