"""A portal process on one core, its database ready; driver and database server keep the other core."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.children import Child, Children, program
from demo.ports import free_port
from demo.stack import Portal, fetch

from bench import portal_side
from bench.databases import database_url

# Budgets that a load from one machine would meet at once; every holder's own limits stay as they are.
UNBOUNDED = {"KILITCOZ_VAULT_GLOBAL_HOURLY": "1000000", "KILITCOZ_LOG_LEVEL": "WARNING"}


@dataclass(frozen=True)
class Cores:
    """Who runs where. With one core there is nothing to divide, and figures say less."""

    portal: Sequence[int]
    driver: Sequence[int]

    @classmethod
    def of_machine(cls) -> "Cores":
        """The last core for the portal, the first for everything else."""
        cores = sorted(os.sched_getaffinity(0))
        return cls(cores[-1:], cores[:1])

    @classmethod
    def undivided(cls) -> "Cores":
        """Every core for everybody, as where several portal processes share a machine with their database."""
        cores = sorted(os.sched_getaffinity(0))
        return cls(cores, cores)


@contextmanager
def prepared(database: str, folder: Path, cores: Cores, **settings: str) -> Iterator[Portal]:
    """A portal with an empty database, which this process has open too; it moves to the driver's core.

    `settings` stand beside UNBOUNDED in its environment.
    """
    os.sched_setaffinity(0, cores.driver)
    folder.chmod(0o755)  # PostgreSQL's account must reach its cluster
    with Children(folder / "logs") as children, database_url(database, folder, children) as url:
        further = {**UNBOUNDED, **settings, "DATABASE_URL": url}
        portal = Portal(children, folder / "portal", free_port(), free_port(), further=further)
        portal.command("migrate")
        portal_side.open_portal(portal.settings)
        yield portal


def serve(portal: Portal, cores: Cores, workers: int = 1) -> Child:
    """Starts the portal process (or several) on its core; returns when it is ready."""
    where = ["taskset", "--cpu-list", ",".join(map(str, cores.portal))]
    command = [*where, program("kilitcoz"), "serve", "--workers", str(workers)]
    child = portal.children.start("portal", [*command, "--port", str(portal.port)], portal.settings)
    child.wait_until(lambda: fetch(f"{portal.origin}/readyz"))
    return child
