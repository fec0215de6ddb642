"""The forms of the holder's own data: new phone, new e-mail, and its code."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import EmailInvalid, PhoneInvalid
from kilitcoz_portal.pages.forms import CodeForm
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.phones import require_sendable

_NO_PHONE = _("Bu bir cep telefonu numarası değil. Başında 0 ile yazın: 0532 123 45 67")


class PhoneForm(forms.Form):
    """A new number: a mobile to which codes may be sent (sms.phones)."""

    contact = forms.CharField(
        label=_("Yeni cep telefonunuz"),
        help_text=_("Örnek: 0532 123 45 67"),
        max_length=32,
        error_messages={"required": _("Yeni cep telefonunuzu yazın.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_contact(self) -> str:
        """E.164."""
        try:
            number = entries.phone(str(self.cleaned_data["contact"]))
            require_sendable(number)
        except (PhoneInvalid, PhoneNotAllowed):
            raise ValidationError(_NO_PHONE) from None
        return number


class EmailForm(forms.Form):
    """A new address."""

    contact = forms.CharField(
        label=_("Yeni e-posta adresiniz"),
        max_length=300,
        error_messages={"required": _("Yeni e-posta adresinizi yazın.")},
        widget=forms.TextInput(
            {"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def clean_contact(self) -> str:
        """As entries.email makes it."""
        try:
            return entries.email(str(self.cleaned_data["contact"]))
        except EmailInvalid:
            raise ValidationError(_("Bu bir e-posta adresi değil. Şöyle yazın: ayse@ornek.example")) from None


class EmailCodeForm(CodeForm):
    """Six digits, which came by e-mail."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own long list of arguments
        field = self.fields["sms_code"]
        field.label, field.help_text = _("E-posta Onay Kodu"), _("E-posta ile gelen altı rakam")
