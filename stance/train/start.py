"""The model that training begins with: a folder, a shipped model by its name, or a hub id that is in the cache."""

from __future__ import annotations

import os
from pathlib import Path

from stance.errors import ModelError
from stance.models import model_folder

FILES = ("*.json", "*.safetensors", "*.txt", "*.model")
"""What is taken of a hub repository: no pickled weights, no code."""


def start_folder(name: str, download: bool = False) -> Path:
    """The folder of a model to begin with.

    Args:
        name: a folder, the name of a shipped model, or a hub id such as "microsoft/deberta-v3-small".
        download: fetch a hub id that is not in the cache.

    Raises:
        ModelError: there is none, or a hub id is not in the cache and may not be fetched, or cannot be.
    """
    if Path(name).exists() or "/" not in name or name.count("/") > 1:
        return model_folder(name)
    if download:
        os.environ["HF_HUB_OFFLINE"] = "0"
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        folder = snapshot_download(name, allow_patterns=list(FILES), local_files_only=not download)
    except LocalEntryNotFoundError as error:
        raise ModelError(
            f"{name} is no folder, and no model of that id is in the local cache. "
            + ("It could not be fetched: is there a network? " if download else "Fetch it with --download, or give")
            + ("" if download else " the folder of a model.")
        ) from error
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ModelError(f"{name} cannot be fetched: {error}. Check the id, or give the folder of a model.") from error
    if not list(Path(folder).glob("*.safetensors")):
        raise ModelError(f"{name} has no weights as safetensors. Give a model that has, or convert it first.")
    return Path(folder)
