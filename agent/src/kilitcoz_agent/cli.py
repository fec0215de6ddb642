"""The command line: reads it, calls `commands`, prints what they say. Imports are late, for start-up time."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kilitcoz_agent.errors import AgentError, ServiceAlreadyRunning
from kilitcoz_agent.settings import files_from_environment
from kilitcoz_agent.texts import Both, Language, commands, say

if TYPE_CHECKING:
    from kilitcoz_agent.commands.doctor import Check
    from kilitcoz_agent.readers.port import Readers

FAULT = 1

app = typer.Typer(
    help="Akıllı Kart Servisi: yeni PIN’in yazıldığı yerel servis · The card service, for new PINs",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

LanguageOption = Annotated[Language, typer.Option("--lang", help="Dil · Language")]
ReaderOption = Annotated[
    list[str], typer.Option("--reader", help="pcsc, ya da · or sim:HOST:PORT (birden çok kez · repeatable)")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Makine için · For machines")]


@app.command()
def run(
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="Port (35853)")] = None,
    reader: ReaderOption = [],  # noqa: B006 - typer's way of a repeatable option
    lang: LanguageOption = Language.TURKISH,
) -> None:
    """Servisi başlat · Start the service"""
    from kilitcoz_agent.commands.run import run as serve

    try:
        serve(files_from_environment(), port=port, readers=reader, language=lang)
    except ServiceAlreadyRunning as running:
        _give_up(running.code, lang, port=running.port)
    except AgentError as fault:
        _give_up(fault.code, lang)
    except ValueError:
        _give_up("readers-unknown", lang)


@app.command()
def trust(
    origin: Annotated[str, typer.Argument(help="https://kilit.example")],
    yes: Annotated[
        str | None, typer.Option("--yes", help="Doğrulanmış parmak izi · Confirmed fingerprint")
    ] = None,
    lang: LanguageOption = Language.TURKISH,
) -> None:
    """Bir portalı tanıt · Trust a portal"""
    from kilitcoz_agent.commands import trust as trusting
    from kilitcoz_agent.trust import grouped

    files = files_from_environment()
    try:
        portal = trusting.fetch(origin)
        before = trusting.pinned_before(files, portal.origin)
        if before is not None and before.keys != portal.keys:
            typer.echo(say(commands.KEYS_CHANGED, lang), err=True)
        typer.echo(say(commands.FINGERPRINT, lang, origin=portal.origin))
        typer.echo(f"    {grouped(portal.fingerprint)}")
        if yes is None:
            _confirm(lang)
        trusting.pin(files, portal, fingerprint=yes)
    except AgentError as fault:
        _give_up(fault.code, lang)
    typer.echo(say(commands.TRUSTED, lang, origin=portal.origin))


@app.command()
def doctor(
    reader: ReaderOption = [],  # noqa: B006
    as_json: JsonOption = False,
    lang: LanguageOption = Language.TURKISH,
) -> None:
    """Neyin çalıştığını söyle · Tell what works"""
    from kilitcoz_agent.commands.doctor import examine

    with closing(_readers(reader, lang)) as found:
        checks = examine(files_from_environment(), found, now=time.time())
    if as_json:
        typer.echo(json.dumps([_as_members(check, lang) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            _print_check(check, lang)
    if any(check.level == "fault" for check in checks):
        raise typer.Exit(FAULT)


@app.command()
def readers(reader: ReaderOption = [], lang: LanguageOption = Language.TURKISH) -> None:  # noqa: B006
    """Okuyucuları ve kartları göster · Show readers and cards"""
    from kilitcoz_agent.commands.readers import listing

    try:
        with closing(_readers(reader, lang)) as found:
            lines = listing(found, lang)
    except AgentError as fault:
        _give_up(fault.code, lang)
    for line in lines:
        typer.echo(line)


@app.command(name="open")
def open_link(
    address: Annotated[str, typer.Argument(help="kilitcoz://op#cap=…")],
    browser: Annotated[bool, typer.Option(help="Tarayıcıyı aç · Open the browser")] = True,
    lang: LanguageOption = Language.TURKISH,
) -> None:
    """Bir kilitcoz:// bağlantısını aç · Open a kilitcoz:// link"""
    from kilitcoz_agent.commands.open import open_address

    try:
        typer.echo(open_address(files_from_environment(), address, browser=browser))
    except AgentError as fault:
        _give_up(fault.code, lang)


@app.command(name="install-desktop")
def install_desktop(
    autostart: Annotated[
        bool, typer.Option("--autostart", help="Oturumla başlat · Start with the session")
    ] = False,
    lang: LanguageOption = Language.TURKISH,
) -> None:
    """kilitcoz:// bağlantılarını bu programla aç (Linux) · Open kilitcoz:// links with this program"""
    from kilitcoz_agent.commands.desktop import install

    for path in install(autostart=autostart):
        typer.echo(say(commands.INSTALLED, lang, path=str(path)))


def _readers(options: list[str], lang: Language) -> Readers:
    from kilitcoz_agent.readers.options import readers_from_options

    try:
        return readers_from_options(options)
    except ValueError:
        _give_up("readers-unknown", lang)


def _confirm(lang: Language) -> None:
    from kilitcoz_agent.errors import TrustRefused

    typer.echo(say(commands.COMPARE_FINGERPRINT, lang))
    answer = input(f"{say(commands.CONFIRM, lang)} ") if sys.stdin.isatty() else ""
    if answer.strip().lower() not in {each.lower() for each in commands.YES}:
        raise TrustRefused("trust-not-confirmed")


def _print_check(check: Check, lang: Language) -> None:
    members = _as_members(check, lang)
    typer.echo(f"{say(commands.LEVELS[check.level], lang):>6}  {members['what']}: {members['found']}")
    if members["next_step"]:
        typer.echo(f"        → {members['next_step']}")


def _as_members(check: Check, lang: Language) -> dict[str, object]:
    values = {**check.values}
    if "code" in values:
        values["sentence"] = error_sentence(str(values["code"]), lang)
    step: Both | None = commands.NEXT_STEPS.get(check.found)
    return {
        "what": say(commands.CHECKS[check.what], lang),
        "check": check.what,
        "level": check.level,
        "code": check.found,
        "found": say(commands.FOUND[check.found], lang, **values),
        "next_step": say(step, lang, **values) if step is not None else None,
    }


def error_sentence(code: str, lang: Language, **values: str | int) -> str:
    """What happened and what to do, for a code of the command line or of the page."""
    from kilitcoz_agent.texts.errors import ERRORS

    if code in commands.COMMAND_ERRORS:
        return say(commands.COMMAND_ERRORS[code], lang, **values)
    row = ERRORS.get(code, ERRORS["internal-error"])
    return f"{say(row.happened, lang)} {say(row.next_step, lang)}"


def _give_up(code: str, lang: Language, **values: str | int) -> NoReturn:
    typer.echo(f"{error_sentence(code, lang, **values)} [{code}]", err=True)
    raise typer.Exit(FAULT)
