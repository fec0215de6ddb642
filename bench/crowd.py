"""Many holders at once, each in the middle of the way: they read, go on, wait for the card service, give up.

Each is a thread with a browser of its own that rests between pages as people do. They are signed in by the
portal's own code before the clock starts (five hundred Argon2id hashes would be the benchmark otherwise); a
few more log in through the pages meanwhile, so that hashes run beside the pages that are measured.
"""

import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import httpx

from bench import portal_side
from bench.browser import Browser, BrowserError, Exchange, Page
from bench.flow import sign_in
from bench.registry import Walker

SECONDS_PER_REQUEST = 60
LOOK_EVERY_SECONDS = 2.0  # as the page's script
LOOKS = 5
LOADED = ("GET /static/", "GET /renkler.css")  # once for each browser, then from its cache
READING = ("/islemler", "/islemler/sertifikalar", "/islemler/pin-puk", "/islemler", "/giris", "/")


@dataclass
class Seen:
    """What all holders together met from `counts_from` (monotonic) on: milliseconds by endpoint.

    `faults` says what should not have been, whenever it was.
    """

    counts_from: float
    milliseconds: dict[str, list[float]] = field(default_factory=dict)
    logins: list[float] = field(default_factory=list)  # seconds of a whole login, hash and all
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, exchange: Exchange) -> None:
        """One answer of the portal."""
        if time.monotonic() >= self.counts_from and not exchange.endpoint.startswith(LOADED):
            with self.lock:
                self.milliseconds.setdefault(exchange.endpoint, []).append(exchange.milliseconds)


@dataclass(frozen=True)
class Crowd:
    """Where it goes; in seconds: how long before and while it counts, and a rest between pages on average."""

    origin: str
    warm_up: float
    seconds: float
    rest: float
    logins_per_second: float

    def walk(self, holders: list[Walker], newcomers: list[Walker]) -> Seen:
        """All of `holders` at once until the time is over, `newcomers` logging in one after the other."""
        cookies = [portal_side.signed_in_cookies(walker.id_number) for walker in holders]
        seen = Seen(time.monotonic() + self.warm_up)
        ends = seen.counts_from + self.seconds
        with ThreadPoolExecutor(len(holders) + 1) as pool:
            for walker, jar in zip(holders, cookies, strict=True):
                pool.submit(self._guarded, seen, partial(self._holder, walker, jar, ends, seen))
            pool.submit(self._guarded, seen, partial(self._log_in, newcomers, ends, seen))
        return seen

    @staticmethod
    def _guarded(seen: Seen, way: Callable[[], None]) -> None:
        try:
            way()
        except (BrowserError, httpx.HTTPError, LookupError) as fault:
            with seen.lock:
                seen.faults.append(f"{type(fault).__name__}: {fault}"[:300])

    def _holder(self, walker: Walker, cookies: dict[str, str], ends: float, seen: Seen) -> None:
        """Reads a few pages, begins an unlock, follows it for a while, gives it up, reads on."""
        chance = random.Random(walker.id_number)
        with self._client(cookies) as client:
            browser = Browser(client, seen.tell)
            pages = _pages(walker, browser, chance)
            while time.monotonic() < ends:
                time.sleep(min(chance.expovariate(1 / self.rest), max(0.0, ends - time.monotonic())))
                next(pages)

    def _log_in(self, newcomers: list[Walker], ends: float, seen: Seen) -> None:
        for walker in newcomers:
            if time.monotonic() >= ends:
                return
            began = time.monotonic()
            with self._client({}) as client:
                sign_in(walker, Browser(client, lambda _: None))
            seen.logins.append(time.monotonic() - began)
            time.sleep(max(0.0, 1 / self.logins_per_second - seen.logins[-1]))

    def _client(self, cookies: dict[str, str]) -> httpx.Client:
        transport = httpx.HTTPTransport(verify=False)  # plain http on loopback: no trust store for each
        return httpx.Client(
            base_url=self.origin, transport=transport, timeout=SECONDS_PER_REQUEST, cookies=cookies
        )


def _pages(walker: Walker, browser: Browser, chance: random.Random) -> Iterator[None]:
    """One step of the way each time it is asked for. An unlock begins once: the SMS limits forbid more."""
    for _ in range(chance.randrange(6)):
        browser.get(chance.choice(READING))
        yield
    operation = yield from _begin(walker, browser)
    for _ in range(LOOKS):
        browser.fetch(f"/operations/{operation.path.rpartition('/')[2]}/state")
        time.sleep(LOOK_EVERY_SECONDS)
    browser.submit(operation.form("/iptal"), operation, {})
    yield
    while True:
        browser.get(chance.choice(READING))
        yield


def _begin(walker: Walker, browser: Browser) -> Generator[None, None, Page]:
    """Figure 7's question, the unlock's own code, the way into the card service."""
    question = browser.get("/islemler/kilit-cozme")
    yield
    code = browser.submit(question.form("/islemler/kilit-cozme"), question, {})
    yield
    return browser.submit(code.form("/kod"), code, {"sms_code": portal_side.sms_code(walker.phone)})
