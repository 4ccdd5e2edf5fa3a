"""Fetching a public data set from its home, when asked to, with its checksum."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stance.errors import InputError
from stance.evaluate.task import Task

log = logging.getLogger(__name__)

CHUNK = 1 << 20
SECONDS = 60
"""Silence of the server after which fetching is given up."""


def cache_folder() -> Path:
    """Where fetched data are kept: $STANCE_DATA, or ~/.cache/stance."""
    return Path(os.environ.get("STANCE_DATA") or Path.home() / ".cache" / "stance")


def fetched(task: Task, say: Callable[[str], object] = log.info, folder: Path | None = None) -> Task:
    """The task with its data from their public home; they are fetched once and then found in the cache.

    Args:
        task: its `download` says url, and, if known, sha256 and the member of an archive.
        say: is told what is fetched, its checksum and its terms.
        folder: the cache; `cache_folder()` by default.

    Raises:
        InputError: nothing can be downloaded for the task, the network fails, or the checksum is another.
    """
    source = task.download
    if not source.get("url"):
        raise InputError(f"The task {task.name} has no address to download from. {task.home}".strip())
    if not source["url"].startswith(("https://", "http://")):
        raise InputError(f"The address of {task.name} must begin with https://; it is {source['url']}.")
    kept = (folder or cache_folder()) / task.name / Path(source["url"].split("?")[0]).name
    if not kept.is_file():
        say(f"Fetching {source['url']}. Terms: {task.terms or 'none stated'}.")
        _fetch(source["url"], kept, source.get("sha256"))
    digest = _sha256(kept)
    if not source.get("sha256"):
        say(f"No checksum is known for {task.name}; this file's SHA-256 is {digest}. Add it to the task's `download`.")
    elif digest != source["sha256"]:
        raise InputError(
            f"{kept} has the SHA-256 {digest}, but {task.name} says {source['sha256']}. Delete the file to fetch it "
            "anew; if it stays so, the data have changed and numbers on them cannot be compared with older ones."
        )
    return replace(task, data=_member(kept, source["member"]) if source.get("member") else kept)


def _fetch(url: str, path: Path, sha256: str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer, part.open("wb") as file:
            shutil.copyfileobj(answer, file, CHUNK)
        digest = _sha256(part)
        if sha256 and digest != sha256:
            raise InputError(f"What came from {url} has the SHA-256 {digest}, not {sha256}; it is not used.")
        part.replace(path)
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise InputError(
            f"{url} could not be fetched: {reason}. Get the file in another way and give it with --data."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _member(archive: Path, name: str) -> Path:
    """A file (or folder, where the name ends in /) of a ZIP archive, unpacked beside it."""
    folder = archive.parent / archive.stem
    with zipfile.ZipFile(archive) as zipped:
        wanted = [n for n in zipped.namelist() if n == name or (name.endswith("/") and n.startswith(name))]
        if not wanted:
            raise InputError(f"{archive} holds no {name}; it holds {', '.join(zipped.namelist()[:10])} …")
        for member in wanted:
            zipped.extract(member, folder)  # never outside the folder: extract drops ".." and absolute paths
    return folder / name


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()
