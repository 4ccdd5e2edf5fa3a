"""Cuts an encoder's vocabulary to the word pieces that its texts use: word vectors are a third of a small model."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

CONTINUES = "##"
"""Begins a piece that goes on within a word."""


def used(tokenizer: Any, texts: Iterable[str], most: int) -> list[int]:
    """Ids of the pieces to keep, in their order.

    Special pieces stay, and all of a single character: so a word of dropped pieces falls back to smaller ones, and none
    becomes unknown that was not. Of the others the `most` frequent in the texts.

    Args:
        tokenizer: a fast tokenizer of word pieces.
        texts: like those that the model will read; more is better.
    """
    pieces = tokenizer.get_vocab()
    kept = {tokenizer.convert_tokens_to_ids(piece) for piece in _special(tokenizer)}
    kept |= {number for piece, number in pieces.items() if len(piece.removeprefix(CONTINUES)) == 1}
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
    frequent = sorted((number for number in counts if number not in kept), key=lambda number: (-counts[number], number))
    return sorted(kept.union(frequent[:most]))


def smaller(tokenizer: Any, kept: Sequence[int]) -> Any:
    """The same tokenizer with these pieces only, numbered from 0 in the order given."""
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    numbers = {tokenizer.convert_ids_to_tokens(old): new for new, old in enumerate(kept)}
    form = json.loads(tokenizer.backend_tokenizer.to_str())
    form["model"]["vocab"] = numbers
    for token in form["added_tokens"]:
        token["id"] = numbers[token["content"]]
    ends = form["post_processor"]
    for name in {"cls", "sep"} & ends.keys():
        ends[name][1] = numbers[ends[name][0]]
    for token, own in ends.get("special_tokens", {}).items():
        own["ids"] = [numbers[token]]
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(form)),
        model_max_length=tokenizer.model_max_length,
        model_input_names=tokenizer.model_input_names,
        **tokenizer.special_tokens_map,
    )


def cut(model: Any, kept: Sequence[int]) -> None:
    """Leave a transformers model the vectors of these pieces, in the order given. Its `pad_token_id` must stay."""
    import torch

    old = model.get_input_embeddings()
    padding = kept.index(old.padding_idx)
    if padding != old.padding_idx:
        raise ValueError(f"the padding's id would change from {old.padding_idx} to {padding}: keep the ids before it")
    new = torch.nn.Embedding(len(kept), old.embedding_dim, padding, _weight=old.weight.detach()[list(kept)].clone())
    model.set_input_embeddings(new)
    model.config.vocab_size = len(kept)


def _special(tokenizer: Any) -> list[str]:
    return [str(token) for token in tokenizer.added_tokens_decoder.values()]
