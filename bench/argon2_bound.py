"""The bound that the security word sets: one Argon2id verification, alone, with the portal's own parameters.

    python -m bench.argon2_bound CORE SECONDS     prints the milliseconds of each verification, as JSON

A process of its own, pinned to one core before the hash's threads start: its four lanes then share that
core, as they do in a portal process that has one core.
"""

import json
import os
import subprocess
import sys
import time

import argon2

PARAMETERS = argon2.profiles.RFC_9106_LOW_MEMORY


def milliseconds_per_hash(core: int, seconds: float) -> list[float]:
    """Every verification during `seconds` on `core`, in milliseconds, measured in a fresh process."""
    command = [sys.executable, "-m", "bench.argon2_bound", str(core), str(seconds)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(each) for each in json.loads(ended.stdout)]


def parameters_in(word_hash: str) -> argon2.Parameters:
    """The parameters a stored hash was made with; the benchmark compares them with those measured here."""
    return argon2.extract_parameters(word_hash)


def measure(seconds: float) -> list[float]:
    """Verifications in a row until `seconds` have passed; the first, which faults memory in, is left out."""
    hasher = argon2.PasswordHasher.from_parameters(PARAMETERS)
    word_hash = hasher.hash("a" * 64)  # a peppered word is 64 hex digits
    series: list[float] = []
    end = time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        hasher.verify(word_hash, "a" * 64)
        series.append((time.perf_counter() - started) * 1000)
    return series[1:] or series


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[1])})
    print(json.dumps(measure(float(sys.argv[2]))))
