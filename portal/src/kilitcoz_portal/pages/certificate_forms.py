"""The forms of "Sertifikamı İptal Et": why, until when, from when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.certificates.reasons import Reason
from kilitcoz_portal.pages.state_words import WHY

SUSPENDED_FOR = (Reason.LOST, Reason.STOLEN, Reason.MISUSED, Reason.CAREFUL)
REVOKED_FOR = (
    Reason.LOST,
    Reason.STOLEN,
    Reason.MISUSED,
    Reason.CARD_BROKEN,
    Reason.DATA_CHANGED,
    Reason.NOT_NEEDED,
    Reason.OTHER,
)
OUT_OF_HAND = frozenset({Reason.LOST, Reason.STOLEN, Reason.MISUSED})
NOW, ON_A_DAY = "now", "day"
_DAYS = (7, 15, 30, 90)  # offered, as far as KILITCOZ_SUSPENSION_DAYS goes


def _reasons(offered: tuple[Reason, ...]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Neden?"),
        choices=[(each.value, WHY[each]) for each in offered],
        coerce=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bir neden seçin.")},
    )


class SuspendForm(forms.Form):
    """Why, and for how long."""

    reason = _reasons(SUSPENDED_FOR)
    days = forms.TypedChoiceField(
        label=_("Ne kadar süreyle?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bir süre seçin.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.KILITCOZ_SUSPENSION_DAYS
        offered = [days for days in _DAYS if days < most] + [most]
        field = self.fields["days"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(days, gettext("%(days)s gün") % {"days": days}) for days in offered]
        field.initial = most

    def until(self, now: datetime) -> datetime:
        """The end of the suspension."""
        return now + timedelta(days=self.cleaned_data["days"])


class RevokeForm(forms.Form):
    """Why, when, since when it may have been in other hands; and that it is for good."""

    reason = _reasons(REVOKED_FOR)
    since = forms.DateField(
        label=_("Kart ne zamandan beri sizde değil?"),
        help_text=_(
            "Kayıp, çalıntı ya da kötüye kullanımda, biliyorsanız yazın. O günden sonraki imzalar şüpheli "
            "sayılır."
        ),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("Günü, ayı ve yılı seçin.")},
    )
    when = forms.ChoiceField(
        label=_("Ne zaman iptal edilsin?"),
        choices=[(NOW, _("Hemen")), (ON_A_DAY, _("Seçeceğim bir günde"))],
        initial=NOW,
        widget=forms.RadioSelect,
        error_messages={"required": _("Ne zaman iptal edileceğini seçin.")},
    )
    day = forms.DateField(
        label=_("İptal günü"),
        help_text=_("Yalnız “Seçeceğim bir günde” derseniz. O güne kadar vazgeçebilirsiniz."),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("Günü, ayı ve yılı seçin.")},
    )
    understood = forms.BooleanField(
        label=_("İptalin geri alınamayacağını, bu kartla bir daha imza atamayacağımı anladım"),
        error_messages={"required": _("İptal etmek için bu kutuyu işaretleyin.")},
    )

    def clean(self) -> dict[str, Any]:
        """A day to come with "on a day"; a day that was for `since`."""
        cleaned = super().clean() or {}
        today = timezone.localdate()
        if cleaned.get("when") == ON_A_DAY and not (cleaned.get("day") or "day" in self.errors):
            self.add_error("day", _("İptal gününü seçin."))
        if cleaned.get("when") == ON_A_DAY and (day := cleaned.get("day")) and day <= today:
            self.add_error("day", _("Yarın ya da daha sonraki bir gün seçin; bugün için “Hemen”i seçin."))
        if (since := cleaned.get("since")) and since > today:
            self.add_error("since", ValidationError(_("Bugünü ya da geçmiş bir günü seçin.")))
        return cleaned

    def planned_for(self) -> datetime | None:
        """The first moment of the chosen day; None: at once."""
        return _begins(self.cleaned_data["day"]) if self.cleaned_data["when"] == ON_A_DAY else None

    def invalid_since(self) -> datetime | None:
        """RFC 5280, 5.3.2, where the card was out of the holder's hands."""
        since = self.cleaned_data.get("since")
        return _begins(since) if since and self.cleaned_data["reason"] in OUT_OF_HAND else None


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
