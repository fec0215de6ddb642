"""E-Onay (figures 1, 6 and 8): the text to read, the way to the card that signs it, the signed document, and
the way back out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.approval import papers, queries, services, signers
from kilitcoz_portal.approval.errors import ApprovalError, ConsentNotFound, NoCertificate, NotOffered
from kilitcoz_portal.approval.models import Consent
from kilitcoz_portal.approval.signers import Signer
from kilitcoz_portal.approval.texts import CURRENT, Section, current
from kilitcoz_portal.documents.errors import DocumentError
from kilitcoz_portal.operations import services as operations
from kilitcoz_portal.operations.errors import OperationError, OperationOpenElsewhere
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.pages import open_operation
from kilitcoz_portal.pages.card_facts import card_name
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.deed_words import FOLLOWED
from kilitcoz_portal.pages.forms import CardForm
from kilitcoz_portal.pages.messages import Told, tell
from kilitcoz_portal.pages.own import Thing, names_own
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.views.failures import failure, not_permitted
from kilitcoz_portal.pages.visitors import Visitor, signed_in, visitor_of
from kilitcoz_portal.trust.errors import TrustError

SIGN = OperationKind.SIGN
WORDS = FOLLOWED[SIGN]
REFUSALS = (ApprovalError, TrustError, DocumentError)


@dataclass(frozen=True)
class Shown:
    """The text of today, as the pages show it."""

    title: str
    version: str
    lead: str
    sections: tuple[Section, ...]


@require_safe
def announced(request: HttpRequest) -> HttpResponse:
    """Open to everybody: what E-Onay is, in its own words; who is signed in goes on to give it."""
    if visitor_of(request) is not None:
        return redirect("consent")
    if not services.is_offered():
        return _refused(request, NotOffered.code, status=200)
    context = {"screen": _("E-Onay"), "text": _text()}
    return render(request, "pages/consent_about.html", context)


@require_safe
@signed_in
def consent(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The consent in force; or the text, and the card that can sign it, or what stands in the way."""
    given = queries.of_holder(visitor.holder.pk)
    in_force = queries.in_force(visitor.holder.pk)
    if in_force is None and not services.is_offered():
        return _refused(request, NotOffered.code, status=200)
    usable, told = ([], None) if in_force else _usable(visitor)
    context = {
        "screen": _("E-Onay"),
        "given": in_force,
        "earlier": [each for each in given if in_force is None or each.pk != in_force.pk],
        "done": request.GET.get("oldu") == "geri-alindi",
        "text": _text(),
        "form": CardForm(cards=[each.card for each in usable]),
        "told": told,
        "under_way": _under_way(request, visitor),
        "only_card": card_name(usable[0].card) if len(usable) == 1 else "",
    }
    return render(request, "pages/consent.html", context)


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def sign(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Prepare the document, and on to the card service."""
    usable, _told = _usable(visitor)
    form = CardForm(request.POST, cards=[each.card for each in usable])
    if not form.is_valid():
        return redirect("consent")
    try:
        signer = signers.of_card(visitor.holder, form.cleaned_data["card"])
        prepared = services.prepare(visitor.holder, signer, get_language() or "tr", visitor.now)
        return _begin(request, visitor, prepared)
    except REFUSALS as refusal:
        return _refused(request, refusal.code)


@require_POST
@signed_in
@names_own(Thing.CARD, "card")
def sign_here(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End what another browser of this holder's left open with the card, and sign in this one."""
    cards = [each.card for each in signers.of_holder(visitor.holder)]
    form = CardForm(request.POST, cards=cards)
    if not form.is_valid():
        return redirect("consent")
    try:
        card = next(card for card in cards if card.pk == form.cleaned_data["card"])
        operations.withdraw(visitor.holder, card, visitor.now)
    except OperationError as refusal:
        return _refused(request, refusal.code, status=refusal.status)
    return sign(request)


@require_safe
@signed_in
def paper(_request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The text as a PDF, before it is signed."""
    language = get_language() or "tr"
    return _pdf(papers.render(visitor.holder, language, visitor.now), "e-onay-metni.pdf")


@require_safe
@signed_in
@names_own(Thing.CONSENT, "consent_id")
def signed_paper(_request: HttpRequest, visitor: Visitor, consent_id: str) -> HttpResponse:
    """A signed document of the holder's own (A40)."""
    services.note_read(visitor.holder, consent_id, visitor.now)
    return _pdf(queries.file_of(consent_id), "e-onay.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@names_own(Thing.CONSENT, "consent_id")
def withdraw(request: HttpRequest, visitor: Visitor, consent_id: str) -> HttpResponse:
    """What follows from it, and the button."""
    if request.method != "POST":
        context = {"screen": _("E-Onayı geri al"), "consent_id": consent_id}
        return render(request, "pages/consent_withdraw.html", context)
    try:
        services.withdraw(visitor.holder, consent_id, visitor.now, about(request))
    except ConsentNotFound as refusal:
        return _refused(request, refusal.code, status=404)
    return redirect(f"{reverse('consent')}?oldu=geri-alindi")


def _begin(request: HttpRequest, visitor: Visitor, prepared: Consent) -> HttpResponse:
    try:
        operation = services.begin(prepared, visitor.browser, visitor.now)
    except OperationOpenElsewhere as refusal:
        told = tell(refusal.code, SIGN)
        context = {"screen": told.title, "told": told, "card": prepared.card, "words": WORDS}
        return render(request, "pages/open_elsewhere.html", context, status=refusal.status)
    except OperationError as refusal:
        return not_permitted(request, refusal, SIGN)
    open_operation.remember(request.session, operation.pk)
    return redirect("operation", operation.pk)


def _under_way(request: HttpRequest, visitor: Visitor) -> Watched | None:
    """The signature that this session began last, while it is open."""
    operation = open_operation.of_session(request.session, visitor)
    return operation if operation is not None and operation.kind == SIGN else None


def _usable(visitor: Visitor) -> tuple[list[Signer], Told | None]:
    """The cards that can sign, as far as is known without asking anybody; or why none can."""
    usable, code = [], NoCertificate.code
    for signer in signers.of_holder(visitor.holder):
        try:
            signers.require_state(signer.certificate, visitor.now)
        except (ApprovalError, TrustError) as refusal:
            code = refusal.code
        else:
            usable.append(signer)
    return usable, None if usable else tell(code, SIGN)


def _text() -> Shown:
    text = current(get_language() or "tr")
    lead = text.lead.format(organisation=settings.KILITCOZ_ORGANISATION)
    return Shown(text.title, CURRENT, lead, text.sections)


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _refused(request: HttpRequest, code: str, *, status: int = 409) -> HttpResponse:
    return failure(request, code, status=status, kind=SIGN)
