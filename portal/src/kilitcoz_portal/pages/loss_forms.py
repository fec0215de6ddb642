"""The form of "Kartımı kaybettim" that no other deed has."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.holders import entries
from kilitcoz_portal.holders.errors import PhoneInvalid


class LossPhoneForm(forms.Form):
    """The number to which the code goes, if it is the registered one."""

    phone = forms.CharField(
        label=_("Kayıtlı cep telefonunuz"),
        help_text=_("Kod yalnız sistemde kayıtlı numaranıza gider"),
        max_length=24,
        error_messages={"required": _("Kayıtlı cep telefonunuzu yazın.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "class": "short"}),
    )

    def clean_phone(self) -> str:
        """E.164, however it was typed."""
        try:
            return entries.phone(str(self.cleaned_data["phone"]))
        except PhoneInvalid:
            raise ValidationError(_("Bu bir telefon numarası değil. Örnek: 0532 123 45 67")) from None
