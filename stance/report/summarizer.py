"""Prose by a local language model: it is given a position's statements, and only what they support is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from stance.errors import ModelError
from stance.report.claims import Claim, Dropped, Quote, Sentence
from stance.report.holding import Book, Holding
from stance.report.quotes import shorten, typical
from stance.report.support import QUOTED, Source, objection
from stance.report.wording import day, sentence

STATEMENTS = 12
"""Statements of a position that the model is given at the most: typical ones, unlike each other."""

LENGTH = 400
"""Characters of a statement that it is given, if a clause ends before."""

NEW_TOKENS = 256
ROOM = 4096
"""Tokens of an input at the most, where the model itself sets no limit."""

TASK = (
    "Sum up in two to four sentences what these speakers said about {phrase} (proposition: {proposition}) and which "
    "side they take. Use only the numbered statements and their words. Name the speaker in each sentence, and end each "
    "sentence with the numbers of the statements that it rests on, like this: [1][2].\n"
)

CITED = re.compile(r"\[\d+(?:\s*[,;]\s*\d+)*\](?:\s*\[\d+(?:\s*[,;]\s*\d+)*\])*")
ENDED = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")


class Writer(Protocol):
    """Whatever writes prose."""

    def write(self, task: str, lines: Sequence[str]) -> str:
        """Prose that does the task with the lines given, or with the first of them."""


class LocalWriter:
    """A text-generation or sequence-to-sequence model of a local folder, decoded greedily.

    Args:
        folder: as `save_pretrained` of transformers writes it, with its tokenizer.

    Raises:
        ModelError: it holds no such model.
    """

    def __init__(self, folder: str | Path) -> None:
        from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

        if not (Path(folder) / "config.json").is_file():
            raise ModelError(f"There is no model in {folder}: config.json is missing. Give a model's folder.")
        try:
            self.config = AutoConfig.from_pretrained(folder, local_files_only=True)
            kind = AutoModelForSeq2SeqLM if self.config.is_encoder_decoder else AutoModelForCausalLM
            self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self.model: Any = kind.from_pretrained(folder, local_files_only=True, dtype="auto", use_safetensors=True)
        except (ValueError, OSError, KeyError) as error:
            raise ModelError(
                f"The model in {folder} cannot write: {error} Give a text-generation or sequence-to-sequence model "
                "that transformers reads, with its tokenizer and model.safetensors."
            ) from error
        self.model.eval()

    def write(self, task: str, lines: Sequence[str]) -> str:
        """See `Writer`; lines that do not fit into the model's input are left out, the last first."""
        import torch

        seq2seq = self.config.is_encoder_decoder
        limit = (
            getattr(self.config, "max_position_embeddings", None) or getattr(self.config, "n_positions", None) or ROOM
        )
        new = min(NEW_TOKENS, limit // 4)
        room = min(limit, ROOM) - (0 if seq2seq else new)
        for kept in range(len(lines), 0, -1):
            ids = self._ids(task + "\n".join(lines[:kept]) + "\n\nSummary:")
            if len(ids) <= room:
                break
        else:
            raise ModelError(
                f"The model reads {room} tokens, too few for the task and one statement. Give another model."
            )
        inputs = torch.tensor([ids])
        with torch.inference_mode():
            made = self.model.generate(
                inputs,
                attention_mask=torch.ones_like(inputs),
                max_new_tokens=new,
                do_sample=False,
                num_beams=1,
                pad_token_id=self.tokenizer.pad_token_id or self.tokenizer.eos_token_id or 0,
            )[0]
        return str(self.tokenizer.decode(made if seq2seq else made[len(ids) :], skip_special_tokens=True))

    def _ids(self, prompt: str) -> list[int]:
        if getattr(self.tokenizer, "chat_template", None):
            turns = [{"role": "user", "content": prompt}]
            prompt = self.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
            return list(self.tokenizer(prompt, add_special_tokens=False)["input_ids"])
        return list(self.tokenizer(prompt)["input_ids"])


def write(book: Book, holdings: Sequence[Holding], writer: Writer) -> tuple[list[Sentence], list[Dropped]]:
    """What a model writes on one target.

    Args:
        book: the run.
        holdings: the positions on the target, one or several speakers'.
        writer: the model.

    Returns:
        The sentences that their statements support, and the others with the reason.
    """
    target = holdings[0].target
    sources = _sources(book, holdings)
    if not sources:
        return [], []
    lines = [_line(number, source) for number, source in enumerate(sources, 1)]
    task = TASK.format(phrase=book.phrase(target), proposition=book.data.proposition(target))
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    for text, numbers in cited(writer.write(task, lines)):
        chosen = [sources[n - 1] for n in numbers if 0 < n <= len(sources)]
        known = chosen if len(chosen) == len(numbers) else []
        reason = objection(text, known, book, target) or ("says it again" if _told(text, kept) else "")
        if reason:
            dropped.append(Dropped(text, reason))
        else:
            kept.append(_sentence(text, known, target))
    return kept, dropped


def _sources(book: Book, holdings: Sequence[Holding]) -> list[Source]:
    """The statements to sum up: typical ones of each label, the surest speakers' first."""
    share = max(1, STATEMENTS // len(holdings))
    found = []
    for own in holdings:
        labels = [state for state in ("favor", "against", "neutral") if own.of[state]]
        for state in labels:
            chosen = typical(own.of[state], book.likeness, max(1, share // len(labels)))
            found += [Source(own.holder, said) for said in chosen]
    return found[:STATEMENTS]


def _line(number: int, source: Source) -> str:
    said = source.said
    side = {"favor": "in favor", "against": "against", "neutral": "neutral"}[said.label]
    when = f", {day(said.date)}" if said.date else ""
    return f"[{number}] {source.holder.full}{when} ({side}) {said.cue}: {shorten(said.quote, LENGTH)}"


def cited(text: str) -> Iterator[tuple[str, list[int]]]:
    """A model's text as sentences with the numbers they cite, before or after the full stop.

    >>> list(cited("Venn backed it [1, 2]. Hall did not. [3] And so on."))
    [('Venn backed it', [1, 2]), ('Hall did not.', [3]), ('And so on.', [])]
    """
    start, text = 0, " ".join(text.split())
    for found in CITED.finditer(text):
        *uncited, last = ENDED.split(text[start : found.start()].lstrip(" .").rstrip())
        yield from ((part, []) for part in uncited)
        if last:
            yield last, [int(number) for number in re.findall(r"\d+", found[0])]
        start = found.end()
    yield from ((part, []) for part in ENDED.split(text[start:].lstrip(" .")) if part)


def _told(text: str, kept: Sequence[Sentence]) -> bool:
    return sentence(text) in {one.text for one in kept}


def _sentence(text: str, sources: Sequence[Source], target: str) -> Sentence:
    groups: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        ids = groups.setdefault((source.holder.id, source.said.label), [])
        ids += [source.said.statement_id] if source.said.statement_id not in ids else []
    claims = tuple(Claim(who, target, label, tuple(ids), whole=False) for (who, label), ids in groups.items())
    quotes = []
    for one, other in QUOTED.findall(text):
        words = " ".join((one or other).split()).rstrip(".,;… ").lstrip("… ")
        quotes.append(next(Quote(s.said.statement_id, words) for s in sources if words in s.said.quote))
    return Sentence(sentence(text), claims, tuple(quotes), target, by_model=True)
