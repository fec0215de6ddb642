"""What the e-mail says to who forgot the security word."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext


def subject(language: str) -> str:
    """The same for both letters."""
    with translation.override(language):
        return gettext("Güvenlik sözcüğünüzün yenilenmesi istendi")


def letter(code: str, page: str, language: str) -> str:
    """With the code (eight characters), and a link that brings it to the page; what is after `#` reaches no
    server and no log.
    """
    with translation.override(language):
        return _written(
            gettext("Güvenlik sözcüğünüzü yenilemek için kodunuz: %(code)s"),
            gettext(
                "Bu kodu, işlemi başlattığınız sayfaya yazın. Ya da şu bağlantıyı aynı tarayıcıda açın:"
                "\n%(link)s"
            ),
            gettext("Kod 30 dakika geçerlidir ve yalnız başladığınız tarayıcıda işe yarar."),
            gettext(
                "Bunu siz istemediyseniz kodu kimseye söylemeyin ve hemen çağrı merkezini arayın: "
                "%(call_centre)s"
            ),
            code=f"{code[:4]} {code[4:]}",
            link=f"{page}#{code}",
        )


def closed_letter(language: str) -> str:
    """Without a code: too many wrong entries have closed the word."""
    with translation.override(language):
        return _written(
            gettext(
                "Güvenlik sözcüğünüz çok kez yanlış yazıldığı için kapatıldı. Buradan yenilenemez; onu "
                "yalnız çağrı merkezi açar."
            ),
            gettext("Kimliğiniz yanınızdayken çağrı merkezini arayın: %(call_centre)s"),
        )


def _written(*paragraphs: str, **names: str) -> str:
    close = gettext("Kod, PIN ya da güvenlik sözcüğünüzü size hiçbir zaman sormayız.\n%(organisation)s")
    names |= {"call_centre": settings.KILITCOZ_CALL_CENTRE, "organisation": settings.KILITCOZ_ORGANISATION}
    return "\n\n".join((*paragraphs, close)) % names + "\n"
