"""The tokenizer of a model folder, read without transformers, which takes longer to load than all models together.

What stands here answers as a fast tokenizer of transformers does, as far as labelling asks one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Encoding, Tokenizer

from stance.encoder import load_tokenizer


class Encoded:
    """Texts in word pieces: as a `BatchEncoding`."""

    def __init__(self, encodings: Sequence[Encoding]) -> None:
        self.encodings = encodings

    def __getitem__(self, name: str) -> list[Any]:
        part = {"input_ids": "ids", "offset_mapping": "offsets"}[name]
        return [getattr(encoding, part) for encoding in self.encodings]

    def word_ids(self, text: int) -> list[int | None]:
        """The word that each piece of a text belongs to."""
        return list(self.encodings[text].word_ids)


class WordPieces:
    """Cuts texts into the word pieces of a model; special ones are not added.

    Args:
        folder: of the model.
        settings: its tokenizer_config.json.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        special = (_content(settings[f"{name}_token"]) for name in ("cls", "sep", "pad", "unk"))
        self.cls_token_id, self.sep_token_id, self.pad_token_id, self.unk_token_id = (
            self.tokenizer.token_to_id(token) for token in special
        )

    def __call__(self, texts: Sequence[str], return_offsets_mapping: bool = False, **_: Any) -> Encoded:
        encode = self.tokenizer.encode_batch if return_offsets_mapping else self.tokenizer.encode_batch_fast
        return Encoded(encode(list(texts), add_special_tokens=False))

    def encode(self, text: str, **_: Any) -> list[int]:
        """Ids of the pieces of one text."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def convert_tokens_to_ids(self, token: str) -> int | None:
        """The id of a piece; None if there is no such one."""
        found: int | None = self.tokenizer.token_to_id(token)
        return found


def load_pieces(folder: str | Path) -> Any:
    """The tokenizer for labelling; that of transformers where the folder has none that can be read alone.

    Raises:
        ModelError: there is no model in the folder, or its tokenizer gives no character offsets.
    """
    folder = Path(folder)
    try:
        settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        alone = settings["tokenizer_class"] in ("BertTokenizer", "TokenizersBackend")
        if alone and (folder / "tokenizer.json").is_file():
            return WordPieces(folder, settings)
    except (OSError, KeyError, TypeError):
        pass
    return load_tokenizer(folder)


def _content(token: str | dict[str, Any]) -> str:
    return token if isinstance(token, str) else str(token["content"])
