"""What this machine is, how much memory is in use, and how fast it multiplies matrices."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stance.encoder import Encoder
from stance.pool import cores


def machine() -> dict[str, Any]:
    """What this machine is."""
    import psutil
    import torch

    return {
        "processor": _processor(),
        "cores": cores(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="ignore").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


class Memory:
    """The most memory that a process and its children held at once, in bytes.

    `peak` divides what processes share among them (on Linux), so that it counts once; `resident` counts it every time.

    Args:
        process: its number; this process by default.
    """

    def __init__(self, process: int | None = None) -> None:
        self.process = process
        self.peak = 0
        self.resident = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._stop.wait(1):  # more often would slow down what is measured
            self._look()

    def _look(self) -> None:
        import psutil

        try:
            own = psutil.Process(self.process)
            family = [own, *own.children(recursive=True)]
        except psutil.Error:  # it has ended
            return
        held = resident = 0
        for process in family:
            try:
                info = process.memory_full_info()
            except psutil.Error:
                continue
            held += getattr(info, "pss", info.rss)
            resident += info.rss
        self.peak, self.resident = max(self.peak, held), max(self.resident, resident)


def matrix_rate(encoder: Encoder) -> float:
    """Operations a second that the hardware reaches on the encoder's matrices alone, in the numbers it works with."""
    import torch

    config, rows = encoder.config, 32_768 if encoder.device.type == "cuda" else 2_048
    wide, inner = config.hidden_size, config.intermediate_size
    shapes = [(wide, 3 * wide), (wide, wide), (wide, inner), (inner, wide)]
    products = [_product(encoder, rows, *shape) for shape in shapes]

    def once() -> float:
        began = time.perf_counter()
        for product in products:
            product()
        if encoder.device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - began

    with torch.inference_mode(), encoder.threads():
        once()
        return 2 * rows * sum(a * b for a, b in shapes) / min(once() for _ in range(30))


def _product(encoder: Encoder, rows: int, wide: int, out: int) -> Callable[[], object]:
    import torch

    if precision(encoder) == "int8":
        from stance.int8 import VALUES, WEIGHTS, multiply

        values = torch.randint(VALUES, (rows, wide), dtype=torch.uint8)
        weights = torch.randint(-WEIGHTS, WEIGHTS, (out, wide), dtype=torch.int8)
        packed = torch.ops.onednn.qlinear_prepack(weights, None)
        scales, zeros = torch.ones(out), torch.zeros(out, dtype=torch.int64)
        return lambda: multiply(values, packed, scales, zeros)
    if encoder.lean:
        from stance.bf16 import STEP, Linear16

        linear = Linear16((torch.randn(out, wide), torch.zeros(out)))
        parts = torch.randn(rows, wide, dtype=torch.bfloat16).split(STEP)
        return lambda: [linear.of_rows(part) for part in parts]
    left = torch.randn(rows, wide, device=encoder.device, dtype=encoder.dtype)
    layer = torch.nn.Linear(wide, out, device=encoder.device, dtype=encoder.dtype)
    return lambda: layer(left)


def precision(encoder: Encoder) -> str:
    """The numbers that an encoder multiplies: int8, bf16, fp16 or fp32."""
    import torch

    if encoder.precision == "int8":
        return "int8"
    return {torch.bfloat16: "bf16", torch.float16: "fp16"}.get(encoder.dtype, "fp32")
