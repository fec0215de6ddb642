"""Changing phone and e-mail: the fresh proof (a code to the old phone), the new contact, and a code to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kilitcoz_portal.holders import queries as holders
from kilitcoz_portal.holders.errors import ContactUnchanged
from kilitcoz_portal.mail.addresses import masked as masked_email
from kilitcoz_portal.mail.errors import MailError
from kilitcoz_portal.pages import ending
from kilitcoz_portal.pages.circumstances import about
from kilitcoz_portal.pages.code_screen import CodeScreen, code_screen
from kilitcoz_portal.pages.contact_forms import EmailCodeForm, EmailForm, PhoneForm
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.pages.frozen import unless_frozen
from kilitcoz_portal.pages.messages import tell
from kilitcoz_portal.pages.stepping_up import stepped_up
from kilitcoz_portal.pages.views.failures import failure
from kilitcoz_portal.pages.visitors import Visitor, signed_in
from kilitcoz_portal.signin import codes, contacts
from kilitcoz_portal.signin.contacts import Contact
from kilitcoz_portal.signin.errors import CodeUsedUp, SendTooSoon, SignInError
from kilitcoz_portal.signin.living import End
from kilitcoz_portal.signin.models import PendingContact
from kilitcoz_portal.sms.errors import SmsError
from kilitcoz_portal.sms.phones import masked, readable

Refusal = SignInError | SmsError | MailError
Form = type[PhoneForm] | type[EmailForm]


@dataclass(frozen=True)
class Way:
    """What differs between the two. Names of addresses begin with `name`, addresses end in `address`."""

    contact: Contact
    name: str
    address: str
    title: str | Promise
    sentence: str | Promise
    form: Form
    code_form: type[CodeForm]
    show: Callable[[str], str]


PHONE = Way(
    Contact.PHONE,
    "phone-change",
    "telefon",
    _("Telefon numaramı değiştir"),
    _("Yeni numaranıza altı rakamlı bir kod gönderdik. Kodu yazınca numaranız değişir."),
    PhoneForm,
    CodeForm,
    masked,
)
EMAIL = Way(
    Contact.EMAIL,
    "email-change",
    "e-posta",
    _("E-posta adresimi değiştir"),
    _("Yeni adresinize altı rakamlı bir kod gönderdik. Kodu yazınca adresiniz değişir."),
    EmailForm,
    EmailCodeForm,
    masked_email,
)


@require_http_methods(["GET", "HEAD", "POST"])
@stepped_up
@unless_frozen
def enter(request: HttpRequest, visitor: Visitor, way: Way) -> HttpResponse:
    """The new contact is entered; a good one gets its code."""
    form = way.form(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form_page(request, visitor, way, form)
    try:
        change = contacts.ask(
            visitor.browser, visitor.holder, way.contact, form.cleaned_data["contact"], visitor.now
        )
    except ContactUnchanged:
        form.add_error("contact", _("Bu, kayıtlı olanla aynı. Yenisini yazın."))
        return _form_page(request, visitor, way, form)
    return _send(request, visitor, way, change)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@unless_frozen
def code(request: HttpRequest, visitor: Visitor, way: Way) -> HttpResponse:
    """The code that was sent to the new contact; the right one changes it."""
    change = contacts.pending(visitor.browser, way.contact, visitor.now)
    if change is None:
        return redirect(way.name)
    form = way.code_form(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _code_page(request, visitor, way, change, form)
    others_end = partial(ending.end_others, request.session, visitor.holder, visitor.now, End.CONTACT_CHANGED)
    try:
        contacts.confirm(change, form.cleaned_data["sms_code"], visitor.now, about(request), others_end)
    except CodeUsedUp as refusal:
        contacts.give_up(change)
        return failure(request, refusal.code, status=403)
    except SignInError as refusal:
        return _code_page(request, visitor, way, change, form, refusal)
    return redirect(f"{reverse('personal-data')}?oldu={way.address}")


@require_POST
@signed_in
@unless_frozen
def again(request: HttpRequest, visitor: Visitor, way: Way) -> HttpResponse:
    """Another code to the same new contact."""
    change = contacts.pending(visitor.browser, way.contact, visitor.now)
    return redirect(way.name) if change is None else _send(request, visitor, way, change)


def _send(request: HttpRequest, visitor: Visitor, way: Way, change: PendingContact) -> HttpResponse:
    language = holders.message_language(visitor.holder, get_language() or "")
    try:
        contacts.send_code(change, visitor.now, language=language)
    except CodeUsedUp as refusal:
        contacts.give_up(change)
        return failure(request, refusal.code, status=403)
    except (SignInError, SmsError, MailError) as refusal:
        if codes.waiting(contacts.wish(change), visitor.now) is None:
            return _form_page(request, visitor, way, way.form({"contact": change.value}), refusal)
        return _code_page(request, visitor, way, change, None, refusal)
    return redirect(f"{way.name}-code")


def _form_page(
    request: HttpRequest,
    visitor: Visitor,
    way: Way,
    form: forms.Form,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context = {
        "screen": way.title,
        "form": form,
        "here": reverse(way.name),
        "contact": way.contact,
        "old": way.show(visitor.holder.phone if way is PHONE else visitor.holder.email),
        "told": tell(refusal.code) if refusal else None,
        "wait_seconds": refusal.wait_seconds if isinstance(refusal, SendTooSoon) else None,
    }
    return render(request, "pages/contact.html", context, status=422 if refusal or form.errors else 200)


def _code_page(
    request: HttpRequest,
    visitor: Visitor,
    way: Way,
    change: PendingContact,
    form: CodeForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    by_mail = way is EMAIL
    shown = CodeScreen(
        screen=str(way.title),
        sentence=str(way.sentence),
        submit_to=reverse(f"{way.name}-code"),
        again_to=reverse(f"{way.name}-again"),
        back_to=reverse("personal-data"),
        here=reverse(f"{way.name}-code"),
        phone="" if by_mail else readable(change.value),
        waiting=codes.waiting(contacts.wish(change), visitor.now),
        wish=contacts.wish(change),
        email=change.value if by_mail else "",
    )
    return code_screen(request, shown, form or way.code_form(), refusal)
