"""The forms of the screens. They judge form only; whether something is right is signin's and operations'
word.
"""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.tr import tckimlik

from kilitcoz_portal.holders.entries import plain_id_number
from kilitcoz_portal.holders.models import Card

_PASSPORT = re.compile(r"[A-Z0-9]{5,20}\Z")
ID_NUMBER_SLIP = _("Bu numarada bir rakam yanlış görünüyor. Kimlik kartınıza bakın; doğruysa yine gönderin.")
OTHER_SLIP = _(
    "T.C. Kimlik No 11 rakamdır. Pasaport numarası harf ve rakamlardan oluşur. Doğruysa yine gönderin."
)
_SIX_DIGITS = re.compile(r"[0-9]{6}\Z")


class LoginForm(forms.Form):
    """Figure 3. Hints and errors are tied to their fields by Django (aria-describedby, aria-invalid). `check`
    names the human check; `proof` is its solved proof of work, where that way was taken.
    """

    id_number = forms.CharField(
        label=_("Kimlik No"),
        help_text=_("11 rakamlı T.C. Kimlik No ya da pasaport numarası"),
        max_length=32,
        error_messages={"required": _("Kimlik numaranızı yazın.")},
        widget=forms.TextInput(
            {"autocomplete": "username", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    picture_text = forms.CharField(
        label=_("Resimdeki Yazı"),
        help_text=_("Resimdeki ya da sesteki beş harf ve rakamı yazın."),
        max_length=16,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "class": "short"}
        ),
    )
    word = forms.CharField(
        label=_("Güvenlik Sözcüğü"),
        help_text=_("Başvuru formunuzda yazar. Büyük ya da küçük harf fark etmez."),
        max_length=128,
        strip=False,
        error_messages={"required": _("Güvenlik sözcüğünüzü yazın.")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    hinted = ""  # the number in which a slip was pointed out
    check = forms.CharField(max_length=22, required=False, widget=forms.HiddenInput)
    proof = forms.CharField(max_length=4096, required=False, widget=forms.HiddenInput)

    def clean_id_number(self) -> str:
        """As typed, without white space. A slip of the finger is hinted at once; sent again it is taken as it
        is, so that nothing here tells which numbers can be enrolled.
        """
        number = plain_id_number(str(self.cleaned_data["id_number"]))
        if slip := _slip_in(number):
            self.hinted = number
            if self.data.get("hinted") != number:
                raise ValidationError(slip)
        return number

    def answers_the_check(self) -> bool:
        """Whether one of the three answers to the human check is there."""
        return bool(self.cleaned_data.get("picture_text") or self.cleaned_data.get("proof"))

    def ask_for_the_check(self) -> None:
        """It must be answered; a page that had none (a trusted browser, another number) has one now."""
        if self.cleaned_data.get("check"):
            self.add_error("picture_text", _("Resimdeki ya da sesteki beş harf ve rakamı yazın."))
        else:
            self.add_error(
                "picture_text",
                _("Bu numarayla bu tarayıcıdan ilk giriş: resimdeki yazıyı ve sözcüğünüzü yazın."),
            )

    def forget_the_check(self) -> None:
        """Another check is shown: what was typed for the last one is gone."""
        if self.is_bound:
            self.data = {**dict(self.data.items()), "check": "", "picture_text": "", "proof": ""}


def _slip_in(number: str) -> str:
    """What looks mistyped in it; empty for a T.C. Kimlik No with right check digits (foreigners' 99… have
    the same), and for what can be a passport number.
    """
    if number.isdecimal() and number.isascii() and len(number) == 11:
        return "" if tckimlik.is_valid(number) else str(ID_NUMBER_SLIP)
    return "" if _PASSPORT.match(number) else str(OTHER_SLIP)


class NumberForm(LoginForm):
    """Figure 3 without the word: number and human check."""

    word = None  # type: ignore[assignment]  # Django's way to leave out a parent's field


class ApplicationNumberForm(forms.Form):
    """What stands on the form that the holder has kept."""

    application_number = forms.CharField(
        label=_("Başvuru No"),
        help_text=_("Başvuru formunuzun üst köşesinde yazar"),
        max_length=40,
        error_messages={"required": _("Başvuru numaranızı yazın.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "short"}),
    )


class CodeForm(forms.Form):
    """Figure 5, and the unlock's own code."""

    sms_code = forms.CharField(
        label=_("SMS Onay Kodu"),
        help_text=_("SMS ile gelen altı rakam"),
        max_length=16,
        error_messages={"required": _("Telefonunuza gelen altı rakamı yazın.")},
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "class": "digits"}),
    )

    def clean_sms_code(self) -> str:
        """Six digits, spaces forgiven. A text of another form costs no try."""
        typed = "".join(str(self.cleaned_data["sms_code"]).split())
        if not _SIX_DIGITS.match(typed):
            raise ValidationError(_("Kod altı rakamdır. Telefonunuza gelen altı rakamı yazın."))
        return typed


class ConfirmationForm(forms.Form):
    """Behind a typed code: the number on the card service's page."""

    number = forms.CharField(
        label=_("Onay numarası"),
        help_text=_("Kart servisinin ekranındaki altı rakam"),
        max_length=16,
        error_messages={"required": _("Kart servisinin gösterdiği altı rakamı yazın.")},
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "digits"}),
    )

    def clean_number(self) -> str:
        """Six digits, spaces forgiven. A text of another form costs no try."""
        typed = "".join(str(self.cleaned_data["number"]).split())
        if not _SIX_DIGITS.match(typed):
            raise ValidationError(_("Numara altı rakamdır. Kart servisinin gösterdiği altı rakamı yazın."))
        return typed


class CardForm(forms.Form):
    """Figure 7's question, where the holder has several cards: which one."""

    card = forms.TypedChoiceField(
        label=_("Hangi kart?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Kartınızı seçin."),
            "invalid_choice": _("Kartınızı seçin."),
        },
    )

    def __init__(self, *args: object, cards: list[Card], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own long list of arguments
        self.cards = cards
        field = self.fields["card"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(card.pk, card.label) for card in cards]
        if len(cards) == 1:
            field.initial = cards[0].pk


class PasskeyForm(forms.Form):
    """A new passkey: what the holder calls it, and what the browser brings (by the page's script)."""

    label = forms.CharField(
        label=_("Adı"),
        help_text=_("Sonra tanıyacağınız bir ad: “telefonum”, “evdeki bilgisayar”"),
        max_length=60,
        error_messages={"required": _("Geçiş anahtarınıza bir ad verin.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    answer = forms.CharField(max_length=16 * 1024, required=False, widget=forms.HiddenInput)
