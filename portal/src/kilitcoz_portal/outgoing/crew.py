"""The workers of one process: each a django-tasks worker in a thread of its own, so that several messages can
be on their way at once over the same connections.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import structlog
from django.db import connections
from django_tasks_db.management.commands.db_worker import Worker

from kilitcoz_portal.outgoing.gateways import Channel

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.5
SWEEP_EVERY = 30.0


class Crew:
    """Works until it is told to stop; what is under way then is ended first."""

    def __init__(self, channels: Sequence[Channel], size: int, sweep: Callable[[], object]) -> None:
        """`sweep` is run at the start and every half minute."""
        self._gateways = [gateway for channel in channels for gateway in channel.gateways()]
        self._sweep = sweep
        self._stopping = threading.Event()
        self._broken = threading.Event()
        self._workers = [_worker() for _ in range(size)]
        self._threads = [threading.Thread(target=self._work, args=(each,)) for each in self._workers]

    def run(self) -> bool:
        """Work until `stop`; False where a worker broke and the process should be started anew."""
        with ExitStack() as opened:
            for gateway in self._gateways:
                opened.callback(gateway.close)
                gateway.open()
            for thread in self._threads:
                opened.callback(thread.join)
                thread.start()
            opened.callback(self._dismiss)
            self._watch()
        return not self._broken.is_set()

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is under way has ended."""
        self._stopping.set()

    def _dismiss(self) -> None:
        for worker in self._workers:
            worker.running = False

    def _watch(self) -> None:
        while True:
            self._sweep()
            connections.close_all()
            if self._stopping.wait(SWEEP_EVERY):
                return

    def _work(self, worker: Worker) -> None:
        try:
            worker.run()
        except Exception:
            log.exception("worker-broken")
            self._broken.set()
            self._stopping.set()
        finally:
            connections.close_all()


def _worker() -> Worker:
    return Worker(
        queue_names=["default"],
        interval=LOOK_EVERY,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=secrets.token_hex(16),
        excluded_queue_names=[],
    )
