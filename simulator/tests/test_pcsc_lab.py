"""A private PC/SC service: slots, insertion, removal, tears and restarts as a reader's user sees them."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from kilitcoz_simulator import (
    Card,
    FaultPlan,
    LabUnavailable,
    Moment,
    PcscLab,
    Tear,
    When,
    require_lab,
)
from kilitcoz_simulator.pcsc_lab import connect_inside

LIST = ("opensc-tool", "--list-readers")
PIN, PUK = "271828", "31415926"


@pytest.fixture(scope="module", autouse=True)
def possible():
    try:
        require_lab()
    except LabUnavailable as missing:
        pytest.skip(f"a PC/SC service of its own cannot be started: {missing}")


@pytest.fixture
def lab():
    with PcscLab() as lab:
        yield lab


def run(lab, *command):
    """A program with this lab's PC/SC service; its output."""
    done = subprocess.run(
        command, env=os.environ | lab.environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr


def cards(lab):
    """What the readers say: present or not, slot by slot."""
    lines = [line.split() for line in run(lab, *LIST).splitlines() if "Virtual PCD" in line]
    return [line[1] == "Yes" for line in lines]


def eventually(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def test_two_slots_hold_two_cards(lab, state):
    assert cards(lab) == [False, False]
    lab.insert(Card(state), 0)
    lab.insert(Card(replace(state, serial=7)), 1)
    assert cards(lab) == [True, True]
    status = run(lab, "yubico-piv-tool", "--reader", lab.reader_name(1), "--action", "status")
    assert "Serial Number:\t7\n" in status
    lab.remove(0)
    eventually(lambda: cards(lab) == [False, True])


def test_there_may_be_more_than_two_slots(state):
    with PcscLab(slots=4) as lab:
        lab.insert(Card(state), 3)
        assert cards(lab) == [False, False, False, True]
        assert lab.reader_name(3) in run(lab, *LIST)


def test_there_may_be_no_reader_at_all():
    with PcscLab(slots=0) as lab:
        assert "No smart card readers found" in run(lab, *LIST)


def test_two_labs_do_not_see_each_other(state, lab):
    lab.insert(Card(state))
    with PcscLab() as other:
        assert cards(other) == [False, False]
        assert cards(lab) == [True, False]


def test_a_card_torn_out_inside_a_command_fails_the_tool_and_is_gone(lab, state):
    card = Card(state, faults=FaultPlan([Tear(Moment.AFTER, When(ins=0x2C))]))
    lab.insert(card)
    tool = ("yubico-piv-tool", "--reader", "Virtual", "--action")
    output = run(lab, *tool, "unblock-pin", "--pin", PUK, "--new-pin", "161803")
    assert "Successfully" not in output
    eventually(lambda: cards(lab) == [False, False])
    lab.insert(card)
    assert "Successfully" in run(lab, *tool, "verify-pin", "--pin", "161803")


def test_the_card_is_back_after_pcscd_was_restarted(lab, state):
    lab.insert(Card(state))
    before = lab.socket_name
    lab.restart_pcscd()
    assert lab.socket_name != before
    eventually(lambda: cards(lab) == [True, False])


def test_nothing_is_left_when_the_lab_is_gone(state):
    with PcscLab() as lab:
        pid = lab.pid
        lab.insert(Card(state))
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_vpcd_costs_less_than_a_millisecond_per_command(lab, state):
    """Issue 2, item 3: without TCP_QUICKACK it would be 44 ms."""
    script = (
        "import time; from smartcard.System import readers; c = readers()[0].createConnection(); c.connect();"
        "a = [0x00, 0xA4, 0x04, 0x00, 0x05, 0xA0, 0x00, 0x00, 0x03, 0x08]; c.transmit(a);"
        "t = time.perf_counter(); [c.transmit(a) for _ in range(200)]; print((time.perf_counter() - t) / 200)"
    )
    lab.insert(Card(state))
    assert float(run(lab, sys.executable, "-c", script)) < 0.005


def test_a_connection_from_inside_reaches_only_what_listens_there(lab):
    with pytest.raises(ConnectionRefusedError):
        connect_inside(lab.pid, 1)
    with connect_inside(lab.pid, 35963):
        pass


def test_a_lab_for_one_command_tells_what_the_command_told(tmp_path):
    kilitcoz_sim = [sys.executable, "-c", "from kilitcoz_simulator.cli import app; app()"]
    state = ["--state", str(tmp_path / "card.json")]
    subprocess.run([*kilitcoz_sim, "create", *state, "--serial", "7"], check=True, capture_output=True)
    tool = ["--", "yubico-piv-tool", "--reader", "Virtual", "--action"]
    for action, code in (("status", 0), ("version", 0), ("nonsense", 1)):
        done = subprocess.run(
            [*kilitcoz_sim, "lab", *state, *tool, action], check=False, capture_output=True, text=True
        )
        assert done.returncode == code
        assert ("Serial Number:\t7\n" in done.stdout) is (action == "status")
