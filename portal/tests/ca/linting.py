"""pkilint's linters, run in this process: most of their time goes into being imported."""

from __future__ import annotations

import contextlib
import gc
import io
from importlib import import_module
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kilitcoz_portal.ca.profiles import ProfileName

PERSONS = {
    ProfileName.SIGNATURE: "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE",
    ProfileName.AUTHENTICATION: "NCP-NATURAL-PERSON-CERTIFICATE",
}


def lint(folder: Path, certificate: x509.Certificate, *command: str) -> str:
    """What the linter finds from "warning" on."""
    file = folder / "linted.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return run(*command, "-s", "WARNING", str(file))


def lint_list(folder: Path, der: bytes) -> str:
    """The same against a CRL."""
    file = folder / "list.crl"
    file.write_bytes(der)
    return run("lint_crl", "lint", "-t", "CRL", "-p", "PKIX", "-s", "WARNING", str(file))


def lint_answer(folder: Path, der: bytes) -> str:
    """The same against an OCSP answer."""
    file = folder / "answer.ors"
    file.write_bytes(der)
    return run("lint_ocsp_response", "lint", "-s", "WARNING", str(file))


def run(linter: str, *arguments: str) -> str:
    """What a linter prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        import_module(f"pkilint.bin.{linter}").main(arguments)
    gc.collect()
    return printed.getvalue().strip()
