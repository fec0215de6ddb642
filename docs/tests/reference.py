"""What the code has that must be documented: settings, commands, error codes, audit events, read from it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from kilitcoz_agent.cli import app as agent_app
from kilitcoz_agent.texts.commands import COMMAND_ERRORS
from kilitcoz_agent.texts.errors import ERRORS
from kilitcoz_portal.audit.events import Event
from kilitcoz_portal.cli import app as portal_app
from kilitcoz_portal.config.environment import SETTINGS
from kilitcoz_portal.pages.messages import MESSAGES
from kilitcoz_portal.vault.errors import RefusalCode
from kilitcoz_simulator.cli import app as simulator_app

ROOT = Path(__file__).parents[2]
PROGRAMS = {"kilitcoz": portal_app, "kilitcoz-agent": agent_app, "kilitcoz-sim": simulator_app}
PACKAGES = ("cards", "simulator", "agent", "portal")
ROOTS = {
    "approval-error",
    "timestamp-error",
    "application-error",
    "ca-error",
    "certificate-error",
    "card-error",
    "document-error",
    "entry-error",
    "field-refused",
    "http-refusal",
    "issuance-error",
    "oidc-error",
    "passkey-error",
    "operation-error",
    "sign-in-error",
    "trust-error",
    "upload-refused",
    "vault-error",
}
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


def _leaves(path: str, command: Any) -> Iterator[tuple[str, list[str]]]:
    # typer brings its own copy of click, so that its classes are known by what they have
    if hasattr(command, "commands"):
        for name, member in command.commands.items():
            if not member.hidden:
                yield from _leaves(f"{path} {name}", member)
    else:
        yield path, [_typed(parameter) for parameter in command.params if parameter.name != "help"]


def _typed(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.name).upper()


def error_codes() -> set[str]:
    """Every code that anybody can meet: on a page, on the wire, on the command line.

    From the tables of sentences, from `code = "…"` in error classes, and from the slugs given to errors that
    are raised. A tree's root is never met.
    """
    told = {*ERRORS, *COMMAND_ERRORS, *MESSAGES, *RefusalCode}
    for package in PACKAGES:
        for path in sorted((ROOT / package / "src").rglob("*.py")):
            told.update(_codes(ast.parse(path.read_text(encoding="utf-8"))))
    return {str(code) for code in told} - ROOTS


def is_written_in_the_code(code: str) -> bool:
    """Whether some source file has a string that begins with this code."""
    sources = (path for package in PACKAGES for path in (ROOT / package / "src").rglob("*.py"))
    return any(f'"{code}' in path.read_text(encoding="utf-8") for path in sources)


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
