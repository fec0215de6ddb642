"""What the code has that must be documented: settings, commands, error codes, audit events, read from it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import typer.main
from kilitcoz_agent.cli import app as agent_app
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.cli import app as portal_app
from kilitcoz_portal.config.environment import SETTINGS
from kilitcoz_simulator.cli import app as simulator_app

ROOT = Path(__file__).parents[2]
PROGRAMS = {"kilitcoz": portal_app, "kilitcoz-agent": agent_app, "kilitcoz-sim": simulator_app}
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
ERROR_CALL = re.compile(r"(Error|Refused|Failed|Missing|Violation|Unavailable|Invalid|Malformed)$")


def settings() -> list[str]:
    """Names of the portal's environment variables."""
    return [setting.name for setting in SETTINGS]


def audit_events() -> list[str]:
    """Values of all audit events."""
    return [event.value for event in Event]


def commands() -> dict[str, list[str]]:
    """Every command of every program, e.g. `kilitcoz holder add`, with its options and arguments as typed."""
    found: dict[str, list[str]] = {}
    for program, app in PROGRAMS.items():
        found.update(_leaves(program, typer.main.get_command(app)))
    return found


def _leaves(path: str, command: click.Command) -> Iterator[tuple[str, list[str]]]:
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            if not member.hidden:
                yield from _leaves(f"{path} {name}", member)
    else:
        yield path, [_typed(parameter) for parameter in command.params if parameter.name != "help"]


def _typed(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return parameter.human_readable_name


def error_codes() -> dict[str, str]:
    """Every error code → its file: `code = "…"` in a class, or the slug given to an error where it is raised."""
    codes: dict[str, str] = {}
    for package in ("cards", "simulator", "agent", "portal"):
        for path in sorted((ROOT / package / "src").rglob("*.py")):
            for code in _codes(ast.parse(path.read_text(encoding="utf-8"))):
                codes.setdefault(code, str(path.relative_to(ROOT)))
    return codes


def _codes(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                yield from _class_code(statement)
        elif isinstance(node, ast.Call) and node.args and ERROR_CALL.search(_called(node.func)):
            yield from _slug(node.args[0])


def _class_code(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        if statement.target.id == "code" and statement.value is not None:
            yield from _slug(statement.value)
    elif isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "code":
        yield from _slug(statement.value)


def _slug(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and SLUG.fullmatch(node.value):
        yield node.value


def _called(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]
