"""The forms around the security word: to recover it, to change it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kilitcoz_cards.messages import PAIRING_CODE_ALPHABET
from kilitcoz_portal.holders.security_word import fold
from kilitcoz_portal.signin import word_release

_TYPED_CODE = {
    "autocomplete": "off",
    "spellcheck": "false",
    "autocapitalize": "characters",
    "class": "short",
}
_LONGEST_WORD = 128


class ReleaseForm(forms.Form):
    """The call centre's code."""

    release = forms.CharField(
        label=_("Çağrı Merkezi Kodu"),
        help_text=_("Size telefonda okunan sekiz harf ve rakam"),
        max_length=24,
        error_messages={"required": _("Size okunan kodu yazın.")},
        widget=forms.TextInput(_TYPED_CODE),
    )

    def clean_release(self) -> str:
        """Eight characters that a code can have; a text of another form costs no try."""
        return _code(str(self.cleaned_data["release"]))


class LetterForm(forms.Form):
    """The code in the e-mail."""

    letter_code = forms.CharField(
        label=_("E-posta Kodu"),
        help_text=_("E-postadaki sekiz harf ve rakam"),
        max_length=24,
        error_messages={"required": _("E-postadaki kodu yazın.")},
        widget=forms.TextInput(_TYPED_CODE),
    )

    def clean_letter_code(self) -> str:
        """As the call centre's code."""
        return _code(str(self.cleaned_data["letter_code"]))


class CurrentWordForm(forms.Form):
    """The word in use, before another takes its place."""

    word = forms.CharField(
        label=_("Şu anki Güvenlik Sözcüğü"),
        max_length=_LONGEST_WORD,
        strip=False,
        error_messages={"required": _("Güvenlik sözcüğünüzü yazın.")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class NewWordForm(forms.Form):
    """A new word, twice."""

    word = forms.CharField(
        label=_("Yeni Güvenlik Sözcüğü"),
        help_text=_("En az 8 harf. Birkaç sözcük yan yana olabilir; büyük ya da küçük harf fark etmez."),
        max_length=_LONGEST_WORD,
        strip=False,
        error_messages={"required": _("Yeni sözcüğünüzü yazın.")},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Yeni Güvenlik Sözcüğü (Tekrar)"),
        max_length=_LONGEST_WORD,
        strip=False,
        error_messages={"required": _("Yeni sözcüğünüzü bir kez daha yazın.")},
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Both are one word, in whatever spelling."""
        cleaned = super().clean() or {}
        if "word" in cleaned and "again" in cleaned and fold(cleaned["word"]) != fold(cleaned["again"]):
            self.add_error("again", _("İki yazım aynı değil. Sözcüğü burada bir kez daha yazın."))
        return cleaned


def _code(typed: str) -> str:
    plain = word_release.plain(typed)
    if len(plain) != word_release.LENGTH or not set(plain) <= set(PAIRING_CODE_ALPHABET):
        raise ValidationError(_("Kod sekiz harf ve rakamdır. Size verildiği gibi yazın."))
    return plain
