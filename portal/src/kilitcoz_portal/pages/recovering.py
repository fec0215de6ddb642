"""Who a view of the recovery works for: a browser, and how far it has come toward a new security word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils import timezone

from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.signin import sessions, word_recovery
from kilitcoz_portal.signin.errors import NoRecovery
from kilitcoz_portal.signin.models import WordRecovery
from kilitcoz_portal.signin.word_recovery import Stage

# Where each stage goes on.
PLACES = {Stage.BEGUN: "word-proof", Stage.PROVED: "word-phone", Stage.CONFIRMED: "word-renew"}


@dataclass(frozen=True)
class Recovering:
    """One browser's recovery at one moment."""

    recovery: WordRecovery
    now: datetime


RecoveryView = Callable[[HttpRequest, Recovering], HttpResponse]


def recovering(stage: Stage) -> Callable[[RecoveryView], Callable[[HttpRequest], HttpResponse]]:
    """Only in a recovery at this stage. At another one, on to where that goes on; without any, a page that
    says how to begin.
    """

    def decorator(view: RecoveryView) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            now = timezone.now()
            recovery = word_recovery.running(sessions.known_browser(request.session), now)
            if recovery is None:
                return no_recovery(request)
            if recovery.stage != stage:
                return redirect(PLACES[Stage(recovery.stage)])
            return view(request, Recovering(recovery, now))

        return guarded

    return decorator


def step_on(request: HttpRequest, at: Recovering) -> None:
    """A step was made: the session is made anew, and the recovery goes with it."""
    word_recovery.move_to(at.recovery, sessions.step_on(request.session, at.now))
    rotate_token(request)


def no_recovery(request: HttpRequest) -> HttpResponse:
    """Late, over, or begun in another browser."""
    return failure(request, NoRecovery.code, status=403, onward="word-forgotten")
