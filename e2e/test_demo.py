"""The demo keeps its contract: who reads its line of JSON can walk the story, and nothing is left running."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

import pytest
from playwright.sync_api import Browser, expect

from e2e.card_login import CardLogin
from e2e.profile import profile
from e2e.running_demo import ROOT, SECONDS_TO_END, demo
from e2e.walk import Walk
from e2e.words import ENGLISH

NEW_PIN = "73920415"


def children_of(pid: int) -> list[int]:
    """Processes whose parent is `pid`."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def log_in_by_card(walk: Walk) -> None:
    """With the PIN that was just chosen, as somebody trying the demo does next."""
    login = CardLogin(walk)
    local = login.to_the_login_screen()
    login.type_pin(local, NEW_PIN)
    login.see_login(local)


def test_the_line_of_json_is_enough_to_walk_the_story_and_a_second_start_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    with demo(tmp_path, "--lang", "en") as first, profile(browser) as context:
        assert first.says["card"]["pin_state"] == "blocked"
        assert first.says["card"]["family"] == "piv"
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", first.says["agent"])
        Walk(first, context.new_page(), first.holder, ENGLISH).unlock(NEW_PIN)
        with profile(browser) as fresh:
            log_in_by_card(Walk(first, fresh.new_page(), first.holder, ENGLISH))
        children = children_of(first.process.pid)
        assert len(children) == 4
        assert first.end() == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)
    with demo(tmp_path) as second, profile(browser) as context:
        assert second.says["holder"] == first.says["holder"]
        assert second.says["card"]["serial"] == first.says["card"]["serial"]
        assert second.says["card"]["pin_state"] == "usable"
        page = context.new_page()
        page.goto(second.origin)
        expect(page.locator("html")).to_have_attribute("lang", "tr")


def test_two_demos_at_once_do_not_share_anything(tmp_path: Path) -> None:
    with demo(tmp_path / "one") as one, demo(tmp_path / "two") as two:
        for name in ("portal", "agent", "outbox"):
            assert one.says[name] != two.says[name]
        assert one.says["card"]["serial"] != two.says["card"]["serial"]


def test_a_child_that_dies_ends_the_demo_with_its_log(tmp_path: Path) -> None:
    with demo(tmp_path) as running:
        os.kill(children_of(running.process.pid)[0], signal.SIGKILL)
        assert running.process.wait(SECONDS_TO_END) == 1


def test_the_demo_ends_when_the_program_that_holds_its_stdin_is_gone(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "demo", "--json", "--data", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert cast(IO[str], process.stdout).readline().startswith("{")
            cast(IO[str], process.stdin).close()
            assert process.wait(SECONDS_TO_END) == 0
        finally:
            process.terminate()


@pytest.mark.parametrize("option", ["--port", "--agent-port"])
def test_a_port_that_is_taken_is_told(tmp_path: Path, option: str) -> None:
    with demo(tmp_path / "one") as one:
        taken = one.origin if option == "--port" else str(one.says["agent"])
        command = [sys.executable, "-P", "-m", "demo", option, taken.rpartition(":")[2]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        other = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert other.returncode == 1
    assert "is taken by another program" in other.stderr
