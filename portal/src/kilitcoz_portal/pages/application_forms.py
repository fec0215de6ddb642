"""The forms of an application ("Başvuru"). Each field is judged by itself: nothing tells who is a holder."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.applications.form_texts import KINDS, LANGUAGES
from kilitcoz_portal.applications.models import Kind
from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import EmailInvalid, IdNumberInvalid, NameInvalid, PhoneInvalid
from kilitcoz_portal.pages.forms import ID_NUMBER_SLIP, LoginForm
from kilitcoz_portal.sms.errors import PhoneNotAllowed
from kilitcoz_portal.sms.phones import require_sendable

_NOT_A_NAME = _("Adı kimlik belgenizdeki gibi, harflerle yazın.")


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Başvuru türü"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Başvuru türünü seçin."), "invalid_choice": _("Başvuru türünü seçin.")},
    )


class ApplyForm(LoginForm):
    """The public application; the human check comes along as at the login."""

    word = None  # type: ignore[assignment]  # Django's way to leave out a parent's field
    kind = _kind_field()
    given_name = forms.CharField(
        label=_("Adınız"),
        max_length=55,
        error_messages={"required": _("Adınızı yazın.")},
        widget=forms.TextInput({"autocomplete": "given-name", "spellcheck": "false"}),
    )
    surname = forms.CharField(
        label=_("Soyadınız"),
        max_length=64,
        error_messages={"required": _("Soyadınızı yazın.")},
        widget=forms.TextInput({"autocomplete": "family-name", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Cep telefonunuz"),
        help_text=_("Onay kodları bu numaraya gelir. Örnek: 0532 123 45 67"),
        max_length=32,
        error_messages={"required": _("Cep telefonunuzu yazın.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("E-posta adresiniz (isteğe bağlı)"),
        help_text=_("Güvenlik sözcüğünüzü unutursanız işinize yarar."),
        max_length=254,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    language = forms.ChoiceField(
        label=_("İletilerin dili"), choices=list(LANGUAGES.items()), widget=forms.RadioSelect
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own long list of arguments
        self.fields["id_number"].widget.attrs["autocomplete"] = "off"

    def clean_id_number(self) -> str:
        """Checked strictly: an application with a wrong number helps nobody."""
        try:
            return entries.id_number(str(self.cleaned_data["id_number"]))[0]
        except IdNumberInvalid:
            raise ValidationError(ID_NUMBER_SLIP) from None

    def clean_given_name(self) -> str:
        """As on the identity document."""
        return _name(str(self.cleaned_data["given_name"]))

    def clean_surname(self) -> str:
        """As on the identity document."""
        return _name(str(self.cleaned_data["surname"]))

    def clean_phone(self) -> str:
        """A mobile to which codes may be sent."""
        try:
            number = entries.phone(str(self.cleaned_data["phone"]))
            require_sendable(number)
        except (PhoneInvalid, PhoneNotAllowed):
            raise ValidationError(
                _("Bu bir cep telefonu numarası değil. Başında 0 ile yazın: 0532 123 45 67")
            ) from None
        return number

    def clean_email(self) -> str:
        """As entries.email makes it."""
        try:
            return entries.email(str(self.cleaned_data["email"]))
        except EmailInvalid:
            raise ValidationError(_("Bu bir e-posta adresi değil. Şöyle yazın: ayse@ornek.example")) from None

    @property
    def name(self) -> str:
        """Given name and surname."""
        return f"{self.cleaned_data['given_name']} {self.cleaned_data['surname']}"


class OwnForm(forms.Form):
    """A signed-in holder's: all else is known. Who has a card applies for no first one."""

    kind = _kind_field()

    def __init__(self, *args: object, has_card: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own long list of arguments
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(kind, label) for kind, label in KINDS.items() if not (has_card and kind == Kind.FIRST)]
        field.choices = offered


class StatusForm(forms.Form):
    """Number and ID number of one application."""

    number = forms.CharField(
        label=_("Başvuru No"),
        help_text=_("Başvuru formunuzun üst köşesinde yazar"),
        max_length=40,
        error_messages={"required": _("Başvuru numaranızı yazın.")},
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    id_number = forms.CharField(
        label=_("Kimlik No"),
        help_text=_("11 rakamlı T.C. Kimlik No ya da pasaport numarası"),
        max_length=32,
        error_messages={"required": _("Kimlik numaranızı yazın.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


def _name(entered: str) -> str:
    try:
        return entries.name(entered)
    except NameInvalid:
        raise ValidationError(_NOT_A_NAME) from None
