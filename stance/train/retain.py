"""What keeps a model from forgetting while it learns from few articles: its own answers, and its own weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import nn

    from stance.train.loop import Loss

Divergence = Callable[[Any, Any, Mapping[str, Any]], "torch.Tensor"]
"""Outputs of the model and of the one it began as, and the batch, into a scalar."""


class _Recorder:
    """A model that remembers what it was last asked and what it said, so that no batch is run twice."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.asked: dict[str, Any] = {}
        self.said: Any = None

    def __call__(self, **inputs: Any) -> Any:
        self.asked = inputs
        self.said = self.model(**inputs)
        return self.said


def keeping(loss: Loss, teacher: nn.Module, divergence: Divergence, weight: float) -> Loss:
    """The loss, and how far the answers have gone from those of the model that training began with.

    Knowledge distillation on the articles at hand, as in Li and Hoiem 2016, "Learning without Forgetting".

    Args:
        loss: of the labels.
        teacher: the model begun with; it does not change.
        divergence: of answers, a row; where the labels correct the old ones, it asks for nothing.
        weight: of the divergence.
    """
    import torch

    teacher.requires_grad_(False)
    teacher.eval()

    def both(model: Any, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        recorder = _Recorder(model)
        own = loss(recorder, batch)  # type: ignore[arg-type]
        teacher.to(own.device)
        with torch.no_grad():
            told = teacher(**recorder.asked)
        return own + weight * divergence(recorder.said, told, batch)

    return both


def staying(loss: Loss, model: nn.Module, weight: float) -> Loss:
    """The loss, and half the squared distance of the weights from those of now.

    L2-SP of Li, Grandvalet and Davoine 2018, "Explicit Inductive Bias for Transfer Learning with Convolutional
    Networks".
    """
    start = {name: value.detach().clone() for name, value in model.named_parameters() if value.requires_grad}

    def both(model: Any, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        total = loss(model, batch)
        for name, value in model.named_parameters():
            own = start.get(name.removeprefix("module."))
            if own is not None:
                total = total + weight / 2 * (value - own.to(value.device)).square().sum()
        return total

    return both


def divergence(said: torch.Tensor, told: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence [...] of classes by logits [..., classes], from `told` to `said`."""
    from torch.nn import functional

    own, other = said.float().log_softmax(-1), told.float().log_softmax(-1)
    return functional.kl_div(own, other, reduction="none", log_target=True).sum(-1)
