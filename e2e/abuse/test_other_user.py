"""A20: another user of the same machine speaks to the local page and to its files, and gets nothing."""

import json
import os
import stat
import subprocess
import sys
from typing import Any

import pytest

from e2e.abuse.siege import Siege

pytestmark = [
    pytest.mark.skipif(os.getuid() != 0, reason="becoming another user needs root"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose connection it is"),
]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
ME = ["setpriv", "--reuid=0"]
ASK = """
import http.client, json, sys
told = json.load(sys.stdin)
seen = []
for address, method, path, headers, body in told:
    connection = http.client.HTTPConnection(address, headers.pop("port"), timeout=10)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    seen.append([answer.status, answer.read().decode()])
    connection.close()
print(json.dumps(seen))
"""


def asked_as(user: list[str], requests: list[list[Any]]) -> list[list[Any]]:
    """Status and body of each request, made by a program of this user."""
    command = [*user, "/usr/bin/python3", "-I", "-c", ASK]
    done = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True, check=True)
    answers: list[list[Any]] = json.loads(done.stdout)
    return answers


def everything(siege: Siege) -> list[list[Any]]:
    """Reading, and every act, each as our own page would do it, with a token that this page was given."""
    requests: list[list[Any]] = []
    token = siege.page.token()
    for address in ("127.0.0.1", "::1"):
        host = f"[{address}]" if ":" in address else address
        own: dict[str, Any] = siege.page.ours(token, 0) | {"host": f"{host}:{siege.page.port}"}
        own |= {"origin": f"http://{own['host']}", "port": siege.page.port}
        for path in ("/", "/static/page.js", "/api/view", "/api/service?challenge=" + "x" * 20):
            requests.append([address, "GET", path, {"port": siege.page.port, "host": own["host"]}, None])
        for act in ("set-pin", "cancel", "open", "pair", "language", "hand-over"):
            body = json.dumps({"pin": "73920415", "repeat": "73920415"} if act == "set-pin" else {})
            requests.append([address, "POST", f"/api/{act}", own | {"content-length": str(len(body))}, body])
    return requests


def test_a20_another_user_is_refused_whatever_he_knows(siege: Siege) -> None:
    with siege.held():
        answers = asked_as(NOBODY, everything(siege))
    assert answers == [[403, '{"code":"peer-refused"}']] * len(answers)


def test_a20_the_same_requests_of_her_own_program_are_heard(siege: Siege) -> None:
    """So that the refusals above mean something. What would act is left out."""
    harmless = [request for request in everything(siege) if request[1] == "GET"]
    with siege.held():
        statuses = [status for status, _ in asked_as(ME, harmless)]
    assert statuses == [200, 200, 401, 200] * 2


def test_a20_the_services_files_are_nobody_elses(siege: Siege) -> None:
    folder = siege.served.service.folder
    files = [folder, *folder.iterdir()]
    assert {each.name for each in files} >= {"service.json", "trust.json", "nonces.sqlite3"}
    assert {each.name: stat.S_IMODE(each.stat().st_mode) & 0o077 for each in files} == {
        each.name: 0 for each in files
    }
    read = subprocess.run([*NOBODY, "cat", folder / "service.json"], capture_output=True, check=False)
    assert read.returncode != 0
    assert read.stdout == b""
