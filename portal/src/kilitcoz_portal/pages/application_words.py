"""What an applicant reads of an application: where it stands, and what to do. A row for each state, for each
reason of a refusal, and for each way to end without a decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_portal.applications.form_texts import KINDS
from kilitcoz_portal.applications.models import OPEN, Application, Payment, State
from kilitcoz_portal.applications.printing import PRINTABLE
from kilitcoz_portal.applications.reasons import Ending, Reason

_Text = str | Promise


@dataclass(frozen=True)
class Words:
    """A title, what it means, what to do next."""

    title: _Text
    meaning: _Text
    next_step: _Text


STATES: dict[str, Words] = {
    State.RECEIVED: Words(
        _("Başvurunuz alındı"),
        _("Başvurunuz kimliğinizle doğrulanmayı bekliyor."),
        _("İmzaladığınız form ve kimlik belgenizle kayıt görevlisine gidin."),
    ),
    State.CHECKED: Words(
        _("Başvurunuz doğrulandı"),
        _("Kimliğiniz görüldü. Başvurunuzu ikinci bir görevli onaylayacak."),
        _("Şimdi bir şey yapmanız gerekmiyor."),
    ),
    State.APPROVED: Words(
        _("Başvurunuz onaylandı"),
        _("Kartınız hazırlanacak."),
        _("Güvenlik sözcüğünüzü saklayın: girişte gerekir."),
    ),
    State.PRODUCED: Words(
        _("Kartınız hazır"),
        _("Kartınız ve sertifikanız hazırlandı."),
        _("Kartınızı alınca “Kullanıma Aç” ile ilk PIN’inizi belirleyin."),
    ),
}

# Received from a holder who gave E-Onay.
UNSIGNED = Words(
    STATES[State.RECEIVED].title,
    STATES[State.RECEIVED].meaning,
    _("E-Onay verdiğiniz için imza gerekmez. Kimlik belgenizle kayıt görevlisine gidin."),
)

REFUSALS: dict[str, Words] = {
    reason: Words(_("Başvurunuz kabul edilmedi"), meaning, next_step)
    for reason, meaning, next_step in (
        (
            Reason.IDENTITY,
            _("Formdaki bilgiler kimlik belgenizdekilerle aynı değil."),
            _("Bilgileri kimliğinizdeki gibi yazarak yeniden başvurun."),
        ),
        (
            Reason.FORM,
            _("İmzalı başvuru formunuz bize ulaşmadı ya da imzası eksikti."),
            _("Yeniden başvurun; formu imzalayıp kimliğinizle getirin."),
        ),
        (
            Reason.CONTACT,
            _("Verdiğiniz telefon ya da e-posta ile size ulaşamadık."),
            _("Size ait bir cep telefonuyla yeniden başvurun."),
        ),
        (
            Reason.PAYMENT,
            _("Ödeme süresinde bize ulaşmadı."),
            _("Ödediyseniz çağrı merkezini arayın: %(call_centre)s. Değilse yeniden başvurun."),
        ),
        (
            Reason.AUTHORITY,
            _("Adı geçen kurum bu başvuruyu doğrulamadı."),
            _("Kurumunuzla görüşün ya da kendi adınıza başvurun."),
        ),
        (
            Reason.ABSENT,
            _("Kimliğinizi göstermek için gelmediniz; başvurunun süresi doldu."),
            _("Uygun olduğunuzda yeniden başvurun."),
        ),
    )
}

WITHDRAWALS: dict[str, Words] = {
    Ending.WISH: Words(
        _("Başvuru geri çekildi"),
        _("Başvuru sizin isteğinizle kapatıldı."),
        _("Dilerseniz yeniden başvurun."),
    ),
    Ending.ANOTHER: Words(
        _("Başvuru kapatıldı"),
        _("Aynı kimlik numarasıyla yapılan başka bir başvuru doğrulandı."),
        _("O başvuru sizin değilse hemen çağrı merkezini arayın: %(call_centre)s."),
    ),
    Ending.LATE: Words(
        _("Başvurunun süresi doldu"),
        _("Başvuru altmış gün içinde kimlikle doğrulanmadı."),
        _("Dilerseniz yeniden başvurun."),
    ),
}

PAYMENTS: dict[str, _Text] = {
    Payment.UNPAID: _("Bekleniyor"),
    Payment.PAID: _("Alındı"),
    Payment.WAIVED: _("Gerekmiyor"),
}


@dataclass(frozen=True)
class Status:
    """One application as its applicant sees it: nothing that the paper in their hand does not say."""

    number: str
    kind: str
    received_at: datetime
    payment: str
    title: str
    meaning: str
    next_step: str
    is_open: bool
    printable: bool


def status_of(application: Application) -> Status:
    """In the language in force."""
    words = _words(application)
    names = {"call_centre": settings.KILITCOZ_CALL_CENTRE}
    return Status(
        number=application.number,
        kind=str(KINDS[application.kind]),
        received_at=application.received_at,
        payment=str(PAYMENTS[application.payment]),
        title=str(words.title),
        meaning=str(words.meaning) % names,
        next_step=str(words.next_step) % names,
        is_open=application.state in OPEN,
        printable=application.state in PRINTABLE,
    )


def _words(application: Application) -> Words:
    if application.state == State.REFUSED:
        return REFUSALS[application.reason]
    if application.state == State.WITHDRAWN:
        return WITHDRAWALS[application.reason]
    if application.state == State.RECEIVED and not application.needs_signature:
        return UNSIGNED
    return STATES[application.state]
