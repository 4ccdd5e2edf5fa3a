"""Low-rank adapters (LoRA, Hu et al. 2021) by peft: few weights change while training; afterwards none are left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.errors import MissingExtraError

if TYPE_CHECKING:
    from transformers import PreTrainedModel

HEADS = ("classifier", "score")
"""What stands on top of an encoder and is always trained."""


def adapted(encoder: PreTrainedModel, rank: int) -> Any:
    """Give every linear layer of an encoder an adapter, in place; only adapters and heads are trained from then on.

    Returns:
        The adapters, for `merged`.

    Raises:
        MissingExtraError: peft is not installed.
    """
    try:
        from peft import LoraConfig
        from peft.tuners.lora import LoraModel
    except ImportError as error:
        raise MissingExtraError("Training by low-rank adapters", "lora") from error
    config = LoraConfig(r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules="all-linear")
    adapters = LoraModel(encoder, config, "default")
    for name, value in encoder.named_parameters():
        value.requires_grad_("lora_" in name or name.startswith(HEADS))
    return adapters


def merged(adapters: Any) -> PreTrainedModel:
    """The encoder with its adapters added to its weights: a plain model that loads anywhere."""
    return adapters.merge_and_unload()
