"""What the pages of an operation say, by its kind: the same steps are an unlock to one holder, and to another
the card's first PIN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations.queries import Watched
from kilitcoz_portal.sms import texts

_Text = str | Promise


@dataclass(frozen=True)
class FollowedWords:
    """Of any kind: its button's name, where it begins and begins anew, what is done in the card service;
    `done` is the template of a good end.
    """

    kind: OperationKind
    name: _Text
    begin: str
    begin_here: str
    in_card_service: _Text
    open_screen: _Text
    again: _Text
    done: str


@dataclass(frozen=True)
class DeedWords(FollowedWords):
    """Of one that a code or a passkey authorises: the sentences about that.

    `for_code` and `for_passkey` name the card as `%(card)s`; `sms_text` takes the code, the card's last four
    and the language.
    """

    lead: _Text
    asks_for: _Text  # what the code that will be sent confirms
    for_code: _Text
    for_passkey: _Text
    sms_text: Callable[..., str]


WORDS: dict[str, DeedWords] = {
    OperationKind.UNLOCK: DeedWords(
        kind=OperationKind.UNLOCK,
        name=_("Kilit Çözme"),
        begin="unlock",
        begin_here="unlock-here",
        lead=_("Kartınızın PIN’i değiştirilecek."),
        asks_for=_("Göndereceğimiz kod yalnız bu kartın kilidinin çözülmesini onaylar."),
        for_code=_("Sonu %(card)s olan kartın kilidini çözmek için telefonunuza ayrı bir kod gönderdik."),
        for_passkey=_("Sonu %(card)s olan kartın kilidini çözmek için geçiş anahtarınızla onaylayın."),
        sms_text=texts.unlock_text,
        in_card_service=_(
            "Kart servisinin ekranını açın. Yeni PIN’inizi orada yazacaksınız; bu site PIN’inizi hiç görmez."
        ),
        open_screen=_("Kilit Çözme Ekranını Aç"),
        again=_("Kilit Çözme işlemini yeniden başlat"),
        done="pages/done.html",
    ),
    OperationKind.ACTIVATE: DeedWords(
        kind=OperationKind.ACTIVATE,
        name=_("Kullanıma Aç"),
        begin="activate",
        begin_here="activate-here",
        lead=_("Kartınızın ilk PIN’ini belirleyeceksiniz; sertifikanız hemen ardından kullanıma açılır."),
        asks_for=_("Göndereceğimiz kod yalnız bu kartın ilk PIN’inin belirlenmesini onaylar."),
        for_code=_(
            "Sonu %(card)s olan kartın ilk PIN’ini belirlemek için telefonunuza ayrı bir kod gönderdik."
        ),
        for_passkey=_("Sonu %(card)s olan kartın ilk PIN’i için geçiş anahtarınızla onaylayın."),
        sms_text=texts.first_pin_text,
        in_card_service=_(
            "Kart servisinin ekranını açın. İlk PIN’inizi orada yazacaksınız; bu site PIN’inizi hiç görmez."
        ),
        open_screen=_("İlk PIN Ekranını Aç"),
        again=_("Kullanıma Aç işlemini yeniden başlat"),
        done="pages/activated.html",
    ),
    OperationKind.RENEW: DeedWords(
        kind=OperationKind.RENEW,
        name=_("Sertifikamı Yenile"),
        begin="renew",
        begin_here="renew-here",
        lead=_("Kartınızda yeni anahtar üretilecek ve yeni sertifikanız karta yazılacak. PIN’iniz değişmez."),
        asks_for=_("Göndereceğimiz kod yalnız bu karttaki sertifikaların yenilenmesini onaylar."),
        for_code=_(
            "Sonu %(card)s olan karttaki sertifikaları yenilemek için telefonunuza ayrı bir kod gönderdik."
        ),
        for_passkey=_("Sonu %(card)s olan karttaki sertifikalar için geçiş anahtarınızla onaylayın."),
        sms_text=texts.renewal_text,
        in_card_service=_(
            "Kart servisinin ekranını açın. Kart PIN’inizi orada yazacaksınız; bu site PIN’inizi hiç görmez."
        ),
        open_screen=_("Sertifika Yenileme Ekranını Aç"),
        again=_("Sertifikamı Yenile işlemini yeniden başlat"),
        done="pages/renewed.html",
    ),
}


FOLLOWED: dict[str, FollowedWords] = {
    **WORDS,
    OperationKind.SIGN: FollowedWords(
        kind=OperationKind.SIGN,
        name=_("E-Onay"),
        begin="consent",
        begin_here="consent-here",
        in_card_service=_(
            "Kart servisinin ekranını açın ve kart PIN’inizi orada yazın. Bu site PIN’inizi hiç görmez."
        ),
        open_screen=_("E-İmza Ekranını Aç"),
        again=_("E-Onay’ı yeniden başlat"),
        done="pages/consent_done.html",
    ),
}


def followed_words_of(operation: Watched) -> FollowedWords:
    """Of this operation, whatever authorises it."""
    return FOLLOWED.get(operation.kind, WORDS[OperationKind.UNLOCK])


def words_of(operation: Watched) -> DeedWords:
    """Of this operation; a kind without words of its own has the unlock's."""
    return WORDS.get(operation.kind, WORDS[OperationKind.UNLOCK])
