"""The bound that the security word sets: one Argon2id verification, alone, with the portal's own parameters.

    python -m bench.argon2_bound CORE SECONDS     prints what the verifications took, as JSON

A process of its own, pinned to one core before the hash's threads start: its four lanes then share that
core, as they do in a portal process that has one core.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import argon2

PARAMETERS = argon2.profiles.RFC_9106_LOW_MEMORY


@dataclass(frozen=True)
class Bound:
    """One verification, in milliseconds: by the clock, and of processor time."""

    wall: float
    processor: float


def measured(core: int, seconds: float) -> Bound:
    """Verifications for `seconds` on `core`, in a fresh process: median by the clock, mean by processor."""
    command = [sys.executable, "-m", "bench.argon2_bound", str(core), str(seconds)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return Bound(**json.loads(ended.stdout))


def measure(seconds: float) -> Bound:
    """Verifications in a row until `seconds` have passed; the first, which faults memory in, is left out."""
    hasher = argon2.PasswordHasher.from_parameters(PARAMETERS)
    word_hash = hasher.hash("a" * 64)  # a peppered word is 64 hex digits
    hasher.verify(word_hash, "a" * 64)
    wall: list[float] = []
    processor_began = time.process_time()
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        hasher.verify(word_hash, "a" * 64)
        wall.append((time.perf_counter() - started) * 1000)
    processor = (time.process_time() - processor_began) * 1000 / len(wall)
    return Bound(statistics.median(wall), processor)


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    print(json.dumps(asdict(measure(float(sys.argv[2])))))
