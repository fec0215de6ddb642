"""The embedded certificate authority: OCSP answers, a change to a long list, and issuing; beside OpenSSL,
which has the same keys and the same certificates in the same run.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from demo.children import Child, program
from demo.nginx import nginx
from demo.ports import answers, free_port
from demo.stack import Portal

from bench import ca_issuing, ca_registry, ocsp_load
from bench.ca_peers import OpenSsl
from bench.ca_registry import Registry
from bench.databases import NAMES
from bench.memory import processor_seconds
from bench.report import Spread, Value, finish, table
from bench.served import Cores, prepared

Row = dict[str, Value]
METHODS = ("POST", "GET")
KEYS = ("p256", "p384", "rsa3072")
ASKED = 1000  # certificates that are asked about, whatever the number of all
CHANGES = 3
LEAST = {"portal": 5.0, "nginx": 20.0}  # times the answers of `openssl ocsp`, per second of processor time
MOST_GROWTH, MOST_LIST_SECONDS, LEAST_OF_BOUND = 1.2, 2.0, 0.5


@dataclass(frozen=True)
class Server:
    """Who answers, how it is asked, and whose processor time counts."""

    name: str
    ask: Callable[[int, str, Sequence[bytes], float], int]
    port: int
    pids: Sequence[int]


@dataclass
class Stage:
    """A portal with its authority, and OpenSSL with the same keys."""

    portal: Portal
    openssl: OpenSsl
    cores: Cores
    folder: Path

    def listener(self, port: int) -> Child:
        """`kilitcoz serve-ocsp` on the portal's core."""
        pinned = ["taskset", "--cpu-list", str(self.cores.portal[0])]
        command = [*pinned, program("kilitcoz"), "serve-ocsp", "--port", str(port)]
        child = self.portal.children.start("serve-ocsp", command, self.portal.settings)
        child.wait_until(lambda: answers(port) or None)
        return child


def ocsp(stage: Stage, size: int, rounds: int, seconds: float) -> list[Row]:
    """Every server and method in turns, on this many certificates."""
    registry = ca_registry.fill(size)
    requests = registry.requests(ASKED)
    with ExitStack() as held:
        servers = _servers(stage, registry, held)
        rates: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for server in servers:
                for method in METHODS:
                    rate = _rate(server, method, requests, seconds)
                    rates.setdefault((server.name, method), []).append(rate)
    return [_row(size, name, method, series, rates) for (name, method), series in rates.items()]


def _servers(stage: Stage, registry: Registry, held: ExitStack) -> list[Server]:
    """Each on the portal's core; the clients have the other."""
    core, kept = stage.cores.portal[0], _kept(stage.folder)
    index = registry.index(stage.folder / "index.txt")
    peer, peer_port = stage.openssl.respond(index, stage.portal.children, core)
    held.callback(peer.stop)
    port = free_port(held)
    listener = stage.listener(port)
    held.callback(listener.stop)
    cached = free_port(held)
    folder = stage.folder / f"nginx-{len(registry.serials)}"
    proxy = held.enter_context(nginx(folder, cached, f"127.0.0.1:{port}", core=core))
    return [
        Server("openssl ocsp", partial(ocsp_load.each, below=""), peer_port, [peer.pid]),
        Server("portal", kept, port, [listener.pid]),
        Server("portal, a connection each", ocsp_load.each, port, [listener.pid]),
        Server("nginx", kept, cached, [proxy, listener.pid]),
    ]


def _kept(folder: Path) -> Callable[[int, str, Sequence[bytes], float], int]:
    return lambda port, method, requests, seconds: ocsp_load.kept(port, method, requests, seconds, folder)


def _rate(server: Server, method: str, requests: Sequence[bytes], seconds: float) -> tuple[float, float]:
    """Answers per second by the clock, and of processor time; after a while that does not count."""
    server.ask(server.port, method, requests, seconds / 2)
    before, began = sum(map(processor_seconds, server.pids)), time.perf_counter()
    answered = server.ask(server.port, method, requests, seconds)
    took = time.perf_counter() - began
    return answered / took, answered / (sum(map(processor_seconds, server.pids)) - before)


def _row(
    size: int,
    name: str,
    method: str,
    series: Sequence[tuple[float, float]],
    rates: dict[tuple[str, str], list[tuple[float, float]]],
) -> Row:
    clock, processor = (Spread.of([each[index] for each in series]).median for index in (0, 1))
    theirs = [statistics.median(each[index] for each in rates["openssl ocsp", method]) for index in (0, 1)]
    return {
        "certificates": size,
        "who": name,
        "method": method,
        "per_s": round(clock),
        "of_openssl": round(clock / theirs[0], 2),
        "per_cpu_s": round(processor),
        "of_openssl_cpu": round(processor / theirs[1], 2),
    }


def listed(stage: Stage, size: int) -> list[Row]:
    """A change to a list of this many, with the database in it; and the same list by `openssl ca`."""
    from cryptography import x509

    from kilitcoz_portal.ca import lists
    from kilitcoz_portal.ca.models import Status
    from kilitcoz_portal.ca.port import CertificateStatus
    from kilitcoz_portal.ca.services import EmbeddedAuthority

    registry = ca_registry.fill(size, revoked=True)
    further = ca_registry.further(CHANGES)
    index = registry.index(stage.folder / "listed.txt")
    lists.publish_now(datetime.now(UTC))
    ours, theirs = [], []
    for serial in further:
        now, began = datetime.now(UTC), time.perf_counter()
        wanted = CertificateStatus(Status.REVOKED, now, x509.ReasonFlags.key_compromise)
        EmbeddedAuthority().set_status([serial], wanted, now)
        ours.append(time.perf_counter() - began)
        theirs.append(stage.openssl.list_seconds(index, stage.cores.driver[0]))
    newest = lists.download("nes")
    assert newest is not None
    assert len(x509.load_der_x509_crl(newest.der)) == size + CHANGES
    bound = statistics.median(theirs)
    spreads = {"portal": Spread.of(ours), "openssl ca -gencrl": Spread.of(theirs)}
    return [_list_row(who, size, spread, bound) for who, spread in spreads.items()]


def _list_row(who: str, size: int, spread: Spread, bound: float) -> Row:
    return {
        "who": who,
        "listed": size,
        "seconds": round(spread.median, 3),
        "low": round(spread.low, 3),
        "high": round(spread.high, 3),
        "of_openssl": round(spread.median / bound, 3),
    }


def figures(ocsp_rows: Sequence[Row], list_rows: Sequence[Row], issued: Sequence[Row]) -> Row:
    """The targets, and whether they are met."""
    found: Row = {}
    for name, least in LEAST.items():
        ratios = [float(row["of_openssl_cpu"] or 0) for row in ocsp_rows if row["who"] == name]
        if ratios:
            found |= {f"{name}_of_openssl": min(ratios), f"{name}_met": min(ratios) >= least}
    sizes = sorted({int(row["certificates"] or 0) for row in ocsp_rows})
    if len(sizes) > 1:
        small, large = (
            statistics.median(
                float(row["per_cpu_s"] or 0)
                for row in ocsp_rows
                if (row["who"], row["certificates"]) == ("portal", size)
            )
            for size in (sizes[0], sizes[-1])
        )
        found |= {"growth": round(small / large, 3), "growth_met": small / large <= MOST_GROWTH}
    if list_rows:
        seconds = float(list_rows[0]["seconds"] or 0)
        found |= {"list_seconds": seconds, "list_met": seconds <= MOST_LIST_SECONDS}
    share = next((float(row["of_bound"] or 0) for row in issued if row["what"] == "order"), None)
    if share is not None:
        found |= {"issuing_of_bound": share, "issuing_met": share >= LEAST_OF_BOUND}
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="./run bench ca", description="the authority; 0 leaves a part out")
    parser.add_argument("--database", choices=NAMES, default=NAMES[0])
    parser.add_argument("--certificates", default="1000,1000000", help="sizes for OCSP; empty for none")
    parser.add_argument("--listed", type=int, default=1_000_000, help="entries of the CRL")
    parser.add_argument("--issued", type=int, default=2000, help="certificates per round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="for each server and method in each round")
    parser.add_argument("--key", choices=KEYS, default=KEYS[0], help="what the authority's keys are")
    given = parser.parse_args(arguments)
    cores = Cores.of_machine()
    with (
        tempfile.TemporaryDirectory(prefix="kilitcoz-bench-") as name,
        prepared(given.database, Path(name), cores) as portal,
    ):
        folder = Path(name)
        ca_registry.found(folder, given.key)
        stage = Stage(portal, OpenSsl(folder / "openssl", portal.folder), cores, folder)
        stage.openssl.prepare()
        issued = ca_issuing.measured(given.issued) if given.issued else []
        sizes = [int(size) for size in given.certificates.split(",") if size]
        asked = [row for size in sizes for row in ocsp(stage, size, given.rounds, given.seconds)]
        list_rows = listed(stage, given.listed) if given.listed else []
    for rows in (issued, list_rows):
        print(table(rows), flush=True)
    finish("ca", asked, key=given.key, issuing=issued, list=list_rows, **figures(asked, list_rows, issued))


if __name__ == "__main__":
    main()
