"""What stands on the application form, in the applicant's language; form.typ has the layout, no sentence."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.applications.models import Application, Kind
from kilitcoz_portal.documents.pdf import Value
from kilitcoz_portal.holders.models import Holder
from kilitcoz_portal.sms.phones import readable

KINDS: dict[str, str | Promise] = {
    Kind.FIRST: _("İlk başvuru"),
    Kind.RENEWAL: _("Yenileme"),
    Kind.REPLACEMENT: _("Kayıp, çalınmış ya da bozuk kartın yerine"),
}
LANGUAGES = {"tr": "Türkçe", "en": "English"}

_DECLARATIONS: tuple[str | Promise, ...] = (
    _("Yukarıdaki bilgiler doğrudur ve bana aittir."),
    _("Sertifika sahibinin yükümlülüklerini, sertifika ilkelerini ve aydınlatma metnini okudum."),
    _("Kartımı, PIN’imi ve güvenlik sözcüğümü kimseyle paylaşmayacağım."),
    _("Kartımı kaybedersem ya da bilgilerim değişirse hemen bildireceğim."),
)


def form_values(application: Application, word: str, now: datetime) -> dict[str, Value]:
    """All that form.typ shows. `word`: empty where the form carries none."""
    with translation.override(application.language):
        return {
            "title": gettext("Nitelikli Elektronik Sertifika Başvuru Formu"),
            "organisation": settings.KILITCOZ_ORGANISATION,
            "language": application.language,
            "number_line": gettext("Başvuru No: %(number)s") % {"number": application.number},
            "applicant": gettext("Başvuru sahibi"),
            "column_names": [gettext("Alan"), gettext("Bilgi")],
            "rows": _rows(application),
            "declaration_heading": gettext("Beyan"),
            "declarations": [str(each) for each in _DECLARATIONS],
            "signature": _signature(application),
            "staff_heading": gettext("Kayıt görevlisi doldurur"),
            "staff_boxes": [
                gettext("Kimliği gören (ad, tarih, imza)"),
                gettext("Onaylayan (ad, tarih, imza)"),
            ],
            "print_line": _print_line(application, now),
            "no_word": ""
            if word
            else gettext("Güvenlik sözcüğünüz değişmedi: kayıtlı sözcüğünüz geçerlidir."),
            "tear_off": _tear_off(word) if word else None,
        }


def _rows(application: Application) -> list[Value]:
    tckn = application.id_kind == Holder.IdKind.TCKN
    rows = [
        (gettext("Adı soyadı"), application.name),
        (gettext("T.C. Kimlik No") if tckn else gettext("Pasaport No"), application.id_number),
        (gettext("Cep telefonu"), readable(application.phone)),
        (gettext("E-posta"), application.email or "–"),
        (gettext("İletilerin dili"), LANGUAGES[application.language]),
        (gettext("Başvuru türü"), str(KINDS[application.kind])),
    ]
    if application.institution:
        rows.append((gettext("Kurum"), application.institution))
    return [list(row) for row in rows]


def _signature(application: Application) -> dict[str, Value]:
    """The box to sign in, or why there is none."""
    if application.needs_signature:
        boxes: list[Value] = [gettext("Tarih"), gettext("İmza")]
        return {"boxes": boxes, "instead": ""}
    return {"boxes": [], "instead": gettext("E-Onay verdiğiniz için imza gerekmez.")}


def _print_line(application: Application, now: datetime) -> str:
    when = timezone.localtime(now).strftime("%d.%m.%Y %H:%M")
    if application.prints < 2:
        return gettext("Yazdırıldı: %(when)s") % {"when": when}
    again = gettext(
        "Yazdırıldı: %(when)s. Bu %(count)s. baskıdır: önceki baskılardaki sözcük artık geçersizdir."
    )
    return again % {"when": when, "count": application.prints}


def _tear_off(word: str) -> dict[str, Value]:
    known = gettext("Bizde kayıtlı bir sözcüğünüz varsa o geçerli kalır, bu kullanılmaz.")
    promise = gettext("Bu sözcüğü biz okunur biçimde saklamayız ve size hiçbir zaman sormayız.")
    call = gettext("Kaybederseniz çağrı merkezini arayın: %(call_centre)s")
    return {
        "cut": gettext("Buradan kesin, bu parçayı saklayın ve kimseye göstermeyin"),
        "heading": gettext("Güvenlik Sözcüğünüz"),
        "word": word,
        "use": gettext("Sertifikanız hazır olunca bu sözcükle giriş yapacaksınız: %(origin)s")
        % {"origin": settings.KILITCOZ_ORIGIN},
        "notes": [promise, known, call % {"call_centre": settings.KILITCOZ_CALL_CENTRE}],
    }
