"""kilitcoz-sim as programs and people use it."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from kilitcoz_simulator import StateFile
from kilitcoz_simulator.cli import app
from kilitcoz_simulator.framing import FramedSocket

SIM = [sys.executable, "-c", "from kilitcoz_simulator.cli import app; app()"]
SELECT = bytes.fromhex("00a4040005a000000308")
TRIES = bytes.fromhex("0020008000")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "card.json"


def sim(*arguments):
    """Runs a command; its result with `.lines`, the JSON it printed."""
    result = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    result.lines = [json.loads(line) for line in result.stdout.splitlines()] if not result.exit_code else []
    return result


@contextmanager
def serving(*arguments):
    """A served card: the process and its first line."""
    command = [*SIM, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.communicate(timeout=5)
        assert process.returncode == 0


def ask(where, *payloads):
    """Power on, then these commands; the answers, None where the card was gone."""
    host, port = where.split(":")
    framed = FramedSocket(socket.create_connection((host, int(port)), timeout=5))
    answers = []
    try:
        framed.send(b"\x01")
        for payload in payloads:
            framed.send(payload)
            answers.append(framed.receive())
    except OSError:
        answers.append(None)
    framed.close()
    return answers


def test_create_prints_what_the_issuer_keeps_and_no_secret(path):
    result = sim("create", "--state", path, "--pin", "271828", "--puk", "31415926", "--serial", 10024821)
    kept = result.lines[0]
    assert (kept["family"], kept["serial"]) == ("piv", "10024821")
    assert len(bytes.fromhex(kept["card_id"])) == 16
    for secret in ("271828", "31415926"):
        assert secret not in result.stdout
    certificate = x509.load_pem_x509_certificate(Path(kept["certificates"]["9a"]).read_bytes())
    assert "Ayşe Yılmaz" in certificate.subject.rfc4514_string()


def test_create_reveals_pin_and_puk_only_when_asked(path):
    kept = sim("create", "--state", path, "--reveal").lines[0]
    state = StateFile(path).load()
    assert state.pin.value == kept["pin"].encode().ljust(8, b"\xff")
    assert state.puk.value == kept["puk"].encode()


def test_create_makes_the_variants_that_are_asked_for(path):
    without = ["--no-card-auth", "--no-change-puk", "--puk-exhausted", "--block", "--profile", "plain"]
    kept = sim("create", "--state", path, *without, "--key", "9a=rsa-2048", "--extended-length").lines[0]
    state = StateFile(path).load()
    assert set(kept["certificates"]) == {"9a", "9c"}
    assert (state.pin.retries_left, state.puk.retries_left) == (0, 0)
    assert (state.profile.change_puk, state.profile.extended_length) == (False, True)
    assert state.keys[0x9A].algorithm == 0x07


def test_block_uses_up_the_tries(path):
    sim("create", "--state", path, "--retries", 5)
    assert sim("block", "--state", path).lines == [{"event": "blocked", "wrong_tries": 5}]
    assert StateFile(path).load().pin.blocked


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--profile", "gold"),
        ("create", "--key", "9a"),
        ("create", "--pin", "123456789"),
        ("block",),
        ("piv", "--create"),
        ("piv", "--create", "--listen", "nowhere"),
        ("piv", "--create", "--listen", "127.0.0.1:0", "--vpcd", "127.0.0.1:1"),
        ("piv", "--create", "--listen", "127.0.0.1:0", "--tear", "sometimes"),
        ("piv", "--create", "--listen", "127.0.0.1:0", "--quirk", "kind"),
    ],
)
def test_what_the_user_can_mend_is_told_in_one_line(path, arguments):
    result = sim(*arguments, "--state", path)
    assert result.exit_code == 2
    assert result.stderr.startswith("kilitcoz-sim: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_served_card_is_made_blocked_logged_and_kept(path, tmp_path):
    log = tmp_path / "log.jsonl"
    options = ("--create", "--block", "--listen", "127.0.0.1:0", "--log", log)
    with serving("piv", "--state", path, *options) as (_, ready):
        assert (ready["event"], ready["inserted"]) == ("ready", True)
        assert ask(ready["listen"], SELECT, TRIES)[1] == b"\x69\x83"
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [each["event"] for each in events] == ["power_on", "command", "command", "power_off"]
    assert events[-1]["commands"] == 2
    assert StateFile(path).load().pin.blocked


def test_a_served_card_obeys_its_console(path, tmp_path):
    other = tmp_path / "other.json"
    sim("create", "--state", other, "--serial", 7)
    options = ("--create", "--absent", "--control", "--listen", "127.0.0.1:0")
    with serving("piv", "--state", path, *options) as (process, ready):

        def say(line):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())["event"]

        assert ask(ready["listen"], SELECT)[0] is None
        assert say("insert") == "inserted"
        assert ask(ready["listen"], SELECT)[0][-2:] == b"\x90\x00"
        assert say("remove") == "removed"
        assert ask(ready["listen"], SELECT)[0] is None
        assert say(f"swap {other}") == "inserted"
        assert ask(ready["listen"], SELECT, bytes.fromhex("00f8000000"))[1][:4] == bytes((0, 0, 0, 7))
        assert say("swap /nowhere") == "error"
        assert say("jump") == "error"


def test_a_signal_takes_the_card_out_and_puts_it_back(path):
    options = ("--create", "--listen", "127.0.0.1:0")
    with serving("piv", "--state", path, *options) as (process, ready):
        for event in ("removed", "inserted"):
            process.send_signal(signal.SIGUSR1)
            assert json.loads(process.stdout.readline()) == {"event": event}
        assert ask(ready["listen"], SELECT)[0][-2:] == b"\x90\x00"


def test_faults_come_from_the_command_line(path):
    faults = ("--tear", "after:ins=F8", "--answer", "6A80:ins=FD", "--stay-out")
    options = ("--create", "--listen", "127.0.0.1:0", *faults)
    with serving("piv", "--state", path, *options) as (_, ready):
        commands = (SELECT, bytes.fromhex("00fd000000"), bytes.fromhex("00f8000000"))
        assert ask(ready["listen"], *commands)[1:] == [b"\x6a\x80", None]
        assert ask(ready["listen"], SELECT)[0] is None


def test_a_swap_can_be_planned(path, tmp_path):
    other = tmp_path / "other.json"
    sim("create", "--state", other, "--serial", 7)
    options = ("--create", "--listen", "127.0.0.1:0", "--swap-after", 1, "--swap-to", other)
    with serving("piv", "--state", path, *options) as (_, ready):
        answers = ask(ready["listen"], SELECT, SELECT, bytes.fromhex("00f8000000"))
        assert answers[2][:4] == bytes((0, 0, 0, 7))


def test_a_card_that_nobody_here_wrote_is_served_ready_for_its_holder(tmp_path):
    options = ("--serial", 10024821, "--block", "--listen", "127.0.0.1:0", "--certificates", tmp_path)
    with serving("jcecard", *options) as (_, ready):
        assert (ready["family"], ready["serial"], "puk" in ready) == ("piv", "10024821", False)
        assert x509.load_pem_x509_certificate(Path(ready["certificates"]["9e"]).read_bytes())
        assert ask(ready["listen"], SELECT, TRIES)[1] == b"\x63\xc0"
