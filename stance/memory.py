"""What the C library (glibc) does with memory that was freed. Other libraries are left alone."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Options of mallopt(3)."""
LARGEST = 32 << 20
"""What the latter can be set to at the most."""


@functools.cache
def keep_memory() -> None:
    """Keep what is freed for what comes next.

    Attention asks for some megabytes over and over; to have them from the system each time takes longer, for long
    texts, than to compute.
    """
    _call("mallopt", MMAP_THRESHOLD, LARGEST)
    _call("mallopt", TRIM_THRESHOLD, 2**31 - 1)


def trim_memory() -> None:
    """Give back to the system what was freed: a quarter of what is held."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), name)(*numbers)
