"""Where the files that come with the product lie: `configs/` and `models/`.

In a checkout they stand beside the package and are read in place; an installed wheel carries them inside the
package, as `stance/_configs` and `stance/_models`. Nothing else may know the difference.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from stance.errors import StanceError

_PACKAGE = Path(__file__).resolve().parent


def shipped(kind: Literal["configs", "models"]) -> Path:
    """The folder of shipped configs or models.

    Raises:
        StanceError: the installation lacks it.
    """
    inside, beside = _PACKAGE / f"_{kind}", _PACKAGE.parent / kind
    for folder in (inside, beside):
        if folder.is_dir():
            return folder
    raise StanceError(
        f"The shipped {kind} are missing: neither {inside} nor {beside} exists. "
        "The installation is incomplete; install again with: pip install --force-reinstall stance"
    )


def recipe_file(name: str) -> Path:
    """A training recipe: a file that exists, or a shipped one by its name.

    Raises:
        StanceError: there is neither.
    """
    folder = shipped("configs") / "train"
    for path in (Path(name), folder / f"{name}.yaml"):
        if path.is_file():
            return path
    recipes = (path for path in folder.glob("*.yaml") if "\ntask:" in path.read_text(encoding="utf-8"))
    names = ", ".join(sorted(path.stem for path in recipes))
    raise StanceError(f"There is no recipe {name!r}: no such file, and none of that name is shipped. Shipped: {names}.")
