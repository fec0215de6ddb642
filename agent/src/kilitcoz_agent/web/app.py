"""The routes of the local page. Reading is GET and changes nothing; every act is a POST of JSON with the
page's token.

GET  /                     the page itself, with a token of its own
GET  /static/…             script, style, icon
GET  /api/view?after=N     what to show, held back until there is something newer than N
GET  /api/service          proof to a program of this user that this is the card service (local_key)
POST /api/open|pair|language|<act>     answered by what to show now
POST /api/hand-over        a capability from `kilitcoz-agent open`
"""

from __future__ import annotations

import hmac
import html
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib import resources

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kilitcoz_agent.errors import ActionNotPossible, AgentError, FieldRefused
from kilitcoz_agent.local_key import RunningService
from kilitcoz_agent.operation.operation import Door
from kilitcoz_agent.operation.phases import Act
from kilitcoz_agent.service import CardService
from kilitcoz_agent.texts import Language, page, say
from kilitcoz_agent.web.blocks import Block
from kilitcoz_agent.web.guards import MAXIMUM_BODY, Guard, PeerCheck
from kilitcoz_agent.web.page_tokens import PageTokens
from kilitcoz_agent.web.peer import peer_is_ours
from kilitcoz_agent.web.view import OTHER, view

HOLD_SECONDS = 20.0
MAXIMUM_FIELD = 8192
TOKEN_HEADER = "x-kilitcoz-page"  # noqa: S105 - a header's name
MARK_HEADER = "x-kilitcoz-mark"

STATIC = {
    "page.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

Fields = dict[str, str]


class LocalPage:
    """The handlers, over one card service."""

    def __init__(self, service: CardService, local: RunningService) -> None:
        self._service = service
        self._local = local
        self._tokens = PageTokens()
        self._files = {name: _static(name) for name in STATIC}
        self._template = _static("page.html").decode()

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/static/{name}", self.static, methods=["GET"]),
            Route("/api/view", self.view, methods=["GET"]),
            Route("/api/service", self.service, methods=["GET"]),
            Route("/api/hand-over", self.hand_over, methods=["POST"]),
            Route("/api/{action}", self.act, methods=["POST"]),
        ]

    # --- reading --------------------------------------------------------------------------------------------

    async def page(self, _: Request) -> Response:
        """The page, in the language of the moment."""
        language = self._service.language
        other, other_name = OTHER[language]
        texts = {
            "title": page.BRAND,
            "brand": page.BRAND,
            "skip": page.SKIP,
            "noscript": page.NO_SCRIPT,
            "gone_heading": page.GONE_HEADING,
            "gone_text": page.GONE_TEXT,
        }
        values = {name: say(both, language) for name, both in texts.items()}
        values |= {
            "language": language.value,
            "other_language": other.value,
            "other_language_name": other_name,
        }
        values["token"] = self._tokens.new()
        body = self._template.format_map({name: html.escape(value) for name, value in values.items()})
        return Response(body, media_type="text/html; charset=utf-8")

    async def static(self, request: Request) -> Response:
        """One of three files."""
        name = request.path_params["name"]
        if name not in self._files:
            return PlainTextResponse("", status_code=404)
        return Response(self._files[name], media_type=STATIC[name])

    async def view(self, request: Request) -> Response:
        """The view, held back until it is newer than what the page has."""
        if not self._tokens.is_ours(request.headers.get(TOKEN_HEADER, "")):
            return _refused("page-token-refused", 401)
        after = request.query_params.get("after", "-1")
        if not after.removeprefix("-").isdecimal() or len(after) > 12:
            return _refused("action-not-possible", 400)
        await self._service.newer_than(int(after), HOLD_SECONDS)
        return self._shown()

    async def service(self, request: Request) -> Response:
        """The answer to a challenge of a program that can read service.json."""
        challenge = request.query_params.get("challenge", "")
        if not 16 <= len(challenge) <= 128:
            return _refused("action-not-possible", 400)
        return JSONResponse({"proof": self._local.prove(challenge)})

    # --- acting ---------------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        """Everything the page does."""
        if not self._tokens.is_ours(request.headers.get(TOKEN_HEADER, "")):
            return _refused("page-token-refused", 401)
        try:
            await self._do(request.path_params["action"], await _fields_of(request))
        except FieldRefused as refused:
            return self._shown(mistyped=refused.fields)
        except ActionNotPossible as refused:
            return _refused(refused.code, 409)
        except AgentError as refused:
            self._service.tell(refused.code)
        return self._shown()

    async def hand_over(self, request: Request) -> Response:
        """The second door: a capability from this user's own `kilitcoz-agent open`."""
        try:
            capability = (await _fields_of(request))["capability"]
            mark = request.headers.get(MARK_HEADER, "")
            if not hmac.compare_digest(mark.encode(), self._local.hand_over_mark(capability).encode()):
                return _refused("page-token-refused", 401)
            self._service.open(capability, Door.SCHEME)
        except KeyError:
            return _refused("action-not-possible", 409)
        except AgentError as refused:
            self._service.tell(refused.code)
            return _refused(refused.code, 409)
        return JSONResponse({})

    async def _do(self, action: str, fields: Fields) -> None:
        match action, sorted(fields):
            case "open", ["capability"]:
                self._service.open(fields["capability"], Door.LINK)
            case "pair", ["pairing_code"] | ["pairing_code", "portal"]:
                await self._service.pair(fields["pairing_code"], fields.get("portal"))
            case "language", ["language"] if fields["language"] in set(Language):
                self._service.speak(Language(fields["language"]))
            case _ if action in set(Act):
                self._service.act(Act(action), fields)
            case _:
                raise ActionNotPossible

    def _shown(self, mistyped: Fields | None = None) -> JSONResponse:
        service = self._service
        shown: Block = view(
            version=service.version,
            language=service.language,
            operation=service.operation,
            portals=service.portals(),
            done=service.done,
            problem=service.problem,
            mistyped=mistyped,
        )
        return JSONResponse(shown)


async def _fields_of(request: Request) -> Fields:
    """The body: one JSON object of short strings. Raises ActionNotPossible; what was sent is not repeated
    anywhere.
    """
    body = b""
    try:
        async for part in request.stream():
            body += part
            if len(body) > MAXIMUM_BODY:
                raise ActionNotPossible
        fields = json.loads(body.decode("utf-8"))
    except (ClientDisconnect, ValueError, RecursionError):
        raise ActionNotPossible from None
    if not isinstance(fields, dict):
        raise ActionNotPossible
    if not all(isinstance(value, str) and len(value) <= MAXIMUM_FIELD for value in fields.values()):
        raise ActionNotPossible
    return fields


def _refused(code: str, status: int) -> JSONResponse:
    return JSONResponse({"code": code}, status_code=status)


def _static(name: str) -> bytes:
    return (resources.files("kilitcoz_agent.web") / "static" / name).read_bytes()


def local_app(
    service: CardService, local: RunningService, *, peer_check: PeerCheck = peer_is_ours
) -> ASGIApp:
    """The whole application, guarded."""
    local_page = LocalPage(service, local)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None, None]:
        yield
        await service.stop()

    return Guard(
        Starlette(routes=local_page.routes(), lifespan=lifespan), port=local.port, peer_check=peer_check
    )
