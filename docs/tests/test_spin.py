"""The Spin model of the unlock secret's journal (docs/spin/) holds, and it would not without its rules.

Each run is exhaustive: one that ran out of depth or memory, or left a statement unreached, fails as well.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

MODEL = Path(__file__).parents[1] / "spin" / "plain_puk.pml"
MEGABYTES, DEPTH, SECONDS = 1024, 20_000, 300
TRUNCATED = re.compile(r"max search depth too small|out of memory|VECTORSZ|too many|Unix-trap")
HOLDS = (["TOTAL=3", "RUNS=3"], ["TOTAL=4", "RUNS=2"])


@dataclass(frozen=True)
class Mutant:
    """A rule taken away, what then falls, and where the usual two operations under faults do not show it."""

    switch: str
    falls: str
    more: list[str] = field(default_factory=lambda: ["RUNS=2"])


MUTANTS = [
    Mutant("NO_R1_REUSE", "P3"),
    Mutant("NO_R1_PROOF", "P7"),
    Mutant("NO_R2_CHARGE", "P2"),
    Mutant("NO_R2_AFTER", "P2"),
    Mutant("NO_R2_TOLD", "P1"),
    Mutant("NO_R3_RESERVE", "P2"),
    Mutant("NO_R3_STOP", "P2"),
    Mutant("NO_R4_ORDER", "P1"),
    Mutant("NO_R5_FELL", "P1"),
    Mutant("NO_R5_RAN", "P1"),
    Mutant("NO_R6_CLAIM", "P1", ["RUNS=3"]),
    Mutant("NO_R6_IDENTITY", "P6"),
    Mutant("NO_R6_COUNTER", "P2"),
    Mutant("NO_R6_LOST", "P1"),
    Mutant("NO_R7_SWEEP", "P5"),
    Mutant("NO_R8_INTENT", "P1", ["RUNS=1"]),
    Mutant("NO_R8_NOTIFY", "P7"),
    Mutant("NO_R9_FENCE", "P4"),
    Mutant("NO_R9_FENCE", "P1", ["RUNS=2", "P4_UNWATCHED"]),
    Mutant("NO_R9_ONCE", "P1"),
    Mutant("NO_R9_LEASE", "P1"),
]

pytestmark = pytest.mark.skipif(
    not (shutil.which("spin") and shutil.which("gcc")), reason="needs Debian's spin and gcc"
)


def verify(place: Path, defines: list[str], optimise: str) -> str:
    """The verifier's whole answer for the model under these switches."""
    switches = [f"-D{define}" for define in defines]
    compiler = ["gcc", "-w", optimise, f"-DMEMLIM={MEGABYTES}", "-o", "pan", "pan.c"]
    for command in (["spin", "-a", *switches, str(MODEL)], compiler):
        subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=SECONDS)
    searched = subprocess.run(
        ["./pan", "-a", f"-m{DEPTH}"], cwd=place, check=False, capture_output=True, text=True, timeout=SECONDS
    )
    answer = searched.stdout + searched.stderr
    assert not TRUNCATED.search(answer), answer
    return answer


def fallen(answer: str) -> str | None:
    """The property that the counterexample breaks, or None where there is none."""
    if "acceptance cycle (" in answer:
        return "P5"
    found = re.search(r"assertion violated \((\d)&&", answer)
    return f"P{found[1]}" if found else None


def unreached(answer: str) -> list[str]:
    """Statements that no state ever executed, but for the ends of the endless."""
    return [line for line in re.findall(r"^\t.*, state \d+, .*$", answer, re.M) if '"-end-"' not in line]


@pytest.mark.parametrize("defines", HOLDS, ids=" ".join)
def test_the_journal_keeps_its_promises_whatever_is_torn_lost_or_killed(
    tmp_path: Path, defines: list[str], record_property: Callable[[str, object], None]
) -> None:
    answer = verify(tmp_path, defines, "-O2")
    assert fallen(answer) is None, answer
    assert "errors: 0" in answer, answer
    assert not unreached(answer), "the model has statements that it never comes to"
    states = re.search(r"(\d+) states, stored", answer)
    assert states is not None
    record_property("states", int(states[1]))
    assert int(states[1]) > 100_000, "a search this small has missed the point"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.switch}-{mutant.falls}")
def test_without_one_rule_a_promise_falls(tmp_path: Path, mutant: Mutant) -> None:
    answer = verify(tmp_path, [mutant.switch, *mutant.more], "-O0")
    assert fallen(answer) == mutant.falls, answer


def test_every_switch_of_the_model_is_tried() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in MODEL.parent.glob("*.pml"))
    assert set(re.findall(r"\bNO_R\d_\w+", text)) - {"NO_Rn_"} == {mutant.switch for mutant in MUTANTS}
