"""Imported by the process that workers are forked from, and only there: it loads the models once for all of them."""

import contextlib
import os
import signal

from stance.labeller import warm
from stance.pool import WARMING

if os.environ.get(WARMING):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process
    with contextlib.suppress(Exception):  # each worker meets the same fault, and tells it
        warm(os.environ[WARMING])
