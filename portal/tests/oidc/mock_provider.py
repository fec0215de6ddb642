"""PyPI's oidc-provider-mock as a process of its own: somebody else's OpenID provider, with a login form."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
from demo.ports import free_port

PATIENCE_SECONDS = 60


@contextlib.contextmanager
def running(*users: dict[str, str]) -> Iterator[str]:
    """Its issuer. Each user is a dictionary of claims with `sub`."""
    with contextlib.ExitStack() as held:
        port = free_port(held)
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
        for user in users:
            command += ["--user-claims", json.dumps(user)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            issuer = f"http://localhost:{port}"
            _wait_for(issuer, process)
            yield issuer
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(issuer: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).is_success:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("oidc-provider-mock did not start")
