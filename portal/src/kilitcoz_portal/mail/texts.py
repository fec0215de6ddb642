"""What our e-mails say beside the notices (notices.texts): a code, its purpose, and whose it is."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext


def new_email_subject(*, language: str) -> str:
    """Without the code: subjects stand on locked screens."""
    with translation.override(language):
        return gettext("E-posta adresinizi onaylama kodunuz")


def new_email_text(one_time_code: str, *, language: str) -> str:
    """Carries a code to an address that is to become a holder's; it names nobody."""
    with translation.override(language):
        text = gettext(
            "Bu adresi hesabınıza ekleme kodunuz: %(code)s\n\n"
            "Kodu yalnız %(origin)s sitesinde, kendiniz yazın; kimseye söylemeyin. "
            "Kod beş dakika geçerlidir.\n\n"
            "Bunu siz istemediyseniz bir şey yapmanız gerekmez: adresiniz hiçbir hesaba eklenmedi.\n\n"
            "%(organisation)s"
        )
    names = {
        "code": one_time_code,
        "origin": settings.KILITCOZ_ORIGIN,
        "organisation": settings.KILITCOZ_ORGANISATION,
    }
    return text % names + "\n"
