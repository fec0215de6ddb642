"""How commands end: what they print, and their exit status (0 done, 1 refused, 2 wrong usage)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from kilitcoz_portal.ca.errors import CaError
from kilitcoz_portal.certificates.errors import CertificateError
from kilitcoz_portal.cli.advice import what_to_do
from kilitcoz_portal.cli.csvfiles import ColumnsWrong, Report
from kilitcoz_portal.documents.errors import DocumentError
from kilitcoz_portal.holders.errors import EntryError
from kilitcoz_portal.hsm.errors import HsmError
from kilitcoz_portal.issuance.errors import IssuanceError
from kilitcoz_portal.signin.errors import SignInError
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.trust.errors import TrustError
from kilitcoz_portal.vault.errors import VaultError


@contextmanager
def ending_on_faults() -> Iterator[None]:
    """Faults of an entry are one line on stderr and exit status 1."""
    try:
        yield
    except EntryError as error:
        _fault(f"{error.field}: {error.code}: {what_to_do(error.code)}")
    except TrustError as error:
        _fault(f"{error.code}: {what_to_do(error.code)} ({error.reason})")
    except SmsError as error:
        _fault(f"phone: {error.code}: {what_to_do(error.code)}")
    except IssuanceError as error:
        _fault(f"{error.code}: {what_to_do(error.code)}")
    except (CaError, CertificateError, ColumnsWrong, HsmError, SignInError, VaultError) as error:
        cause = error.__cause__ if isinstance(error.__cause__, HsmError) else error
        _fault(f"{cause.code}: {what_to_do(cause.code)} ({cause})")
    except DocumentError as error:
        _fault(f"{error.code}: {what_to_do(error.code)} ({error.template})")
    except OSError as error:
        _fault(f"file-unreadable: {error.filename}: {error.strerror}")


def _fault(line: str) -> None:
    typer.echo(line, err=True)
    raise typer.Exit(1)


def finish(report: Report, *, dry_run: bool, as_json: bool) -> None:
    """Print the report of a file; exit status 1 where any line was bad."""
    if as_json:
        bad = [{"line": line.number, "column": line.column, "code": line.code} for line in report.bad]
        good = list(report.good.values()) if report.kept else []
        summary = {"kept": report.kept, "good": len(report.good), "bad": bad, "added": good}
        typer.echo(json.dumps(summary, ensure_ascii=False))
    else:
        _print(report, dry_run=dry_run)
    if report.bad:
        raise typer.Exit(1)


def _print(report: Report, *, dry_run: bool) -> None:
    for line in report.bad:
        typer.echo(str(line), err=True)
    for number, added in report.good.items():
        if report.kept and isinstance(added, dict) and "security_word" in added:
            typer.echo(f"line {number}: {added['id_number']}: security word: {added['security_word']}")
        elif report.kept and isinstance(added, dict) and "application" in added:
            typer.echo(f"line {number}: {added['id_number']}: application {added['application']}")
    what = "dry run, nothing kept" if dry_run else "kept" if report.kept else "nothing kept"
    typer.echo(f"{len(report.good)} good, {len(report.bad)} bad lines: {what}")
