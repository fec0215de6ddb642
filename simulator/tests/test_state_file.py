"""The state file: what was answered is in it, whatever happens, and only its owner reads it."""

import signal
import subprocess
import sys
import time

import pytest

from kilitcoz_simulator import Card, StateFile, StateFileInUse, StateFileMalformed
from kilitcoz_simulator.storage import decode, encode, exclusive

WORKER = """
import sys
from pathlib import Path
from kilitcoz_simulator import Card
from kilitcoz_simulator.state import pin_block
card = Card.from_file(Path(sys.argv[1]))
card.power_on()
card.transmit(bytes.fromhex("00a4040005a000000308"))
old = "31415926"
for number in range(100000):
    new = f"{number:08d}"
    sw = card.transmit(bytes.fromhex("0024008110") + pin_block(old) + pin_block(new))
    assert sw == b"\\x90\\x00"
    print(new, flush=True)
    old = new
"""


def test_what_is_written_is_read_again(state):
    assert decode(encode(state)) == state


def test_only_the_owner_reads_it(state, tmp_path):
    file = StateFile(tmp_path / "card.json")
    file.save(state)
    file.save(state)
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file.path]


@pytest.mark.parametrize("seconds", [0.05, 0.1, 0.15, 0.2])
def test_a_killed_process_leaves_the_card_before_or_after_a_command(state, tmp_path, seconds):
    path = tmp_path / "card.json"
    StateFile(path).save(state)
    with subprocess.Popen([sys.executable, "-c", WORKER, str(path)], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        answered = process.stdout.read().split()
    left = StateFile(path).load()
    last = int(answered[-1]) if answered else 0
    assert int(left.puk.value) in (last, last + 1)
    assert left.puk.retries_left in (2, 3)


def test_nothing_is_written_when_nothing_changed(state):
    class Counting:
        saves = 0

        def save(self, state):
            self.saves += 1

    memory = Counting()
    card = Card(state, memory=memory)
    card.power_on()
    card.transmit(bytes.fromhex("00a4040005a000000308"))
    card.transmit(bytes.fromhex("0020008008") + b"271828\xff\xff")
    assert memory.saves == 0
    card.transmit(bytes.fromhex("0020008008") + b"000000\xff\xff")
    assert memory.saves == 1


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b"not json", b'{"format": "kilitcoz-sim-piv/0"}', b"\xff\xfe"]
)
def test_what_is_no_state_file_is_refused(raw):
    with pytest.raises(StateFileMalformed):
        decode(raw)


def test_a_damaged_state_file_is_refused_without_quoting_a_secret(state):
    raw = encode(state).replace(state.pin.value.hex().encode(), b"x" + state.pin.value.hex().encode())
    with pytest.raises(StateFileMalformed) as refused:
        decode(raw)
    assert state.pin.value.hex() not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_card_is_in_one_reader_at_a_time(tmp_path):
    path = tmp_path / "card.json"
    with exclusive(path), pytest.raises(StateFileInUse), exclusive(path):
        pass
    with exclusive(path):
        pass
