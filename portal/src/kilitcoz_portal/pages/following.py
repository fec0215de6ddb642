"""What the page says while the holder works in the card service: one sentence for each state and decision."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kilitcoz_cards.messages import OperationKind
from kilitcoz_portal.operations.models import State
from kilitcoz_portal.operations.queries import Watched

_BY_STATE: dict[str, str | Promise] = {
    State.AUTHORISED: _("Kart servisinin bağlanması bekleniyor."),
    State.CLAIMED: _("Kart servisi bağlandı. Kartınızı okuyucuya takın."),
    State.IDENTIFIED: _("Kartınız tanındı. Yeni PIN’inizi açılan ekranda yazın."),
    State.RELEASED: _("PIN değiştiriliyor. Kartı çıkarmayın."),
}
_BY_DECISION: dict[str, str | Promise] = {
    "wrong_card": _("Okuyucudaki kart bu işlemin kartı değil. Doğru kartı takın."),
    "not_blocked": _("Kartınızın PIN’i kilitli değil. Nasıl devam edeceğinizi açılan ekranda seçin."),
    "puk_exhausted": _("Bu kartın kilit açma hakkı tükenmiş. Açılan ekranda ne yapacağınız yazıyor."),
    "manual": _("Bu kartın kilidi çevrim içi çözülemiyor. Açılan ekranda ne yapacağınız yazıyor."),
}
_OF_ACTIVATION: dict[str, str | Promise] = {
    State.IDENTIFIED: _("Kartınız tanındı. İlk PIN’inizi açılan ekranda yazın."),
    State.RELEASED: _("PIN karta yazılıyor. Kartı çıkarmayın."),
}
_OF_RENEWAL: dict[str, str | Promise] = {
    State.IDENTIFIED: _("Kartınız tanındı. Kart PIN’inizi açılan ekranda yazın."),
}
_OF_SIGNATURE: dict[str, str | Promise] = {
    State.IDENTIFIED: _("Kartınız tanındı. Belgenin özetini karşılaştırın ve kart PIN’inizi yazın."),
}
_IN_ITS_WORDS: dict[str, dict[str, str | Promise]] = {
    OperationKind.ACTIVATE: _OF_ACTIVATION,
    OperationKind.SIGN: _OF_SIGNATURE,
    OperationKind.RENEW: _OF_RENEWAL,
}
_OF_LOGIN: dict[str, str | Promise] = {
    State.AUTHORISED: _("Kart servisinin bağlanması bekleniyor."),
    State.CLAIMED: _("Kart servisi bağlandı. Kartınızı okuyucuya takın."),
    State.IDENTIFIED: _("Kart bulundu. Kart PIN’inizi açılan ekranda yazın."),
    State.SUCCEEDED: _("Kartınız girişi onayladı. Kart servisinin ekranından devam edin."),
}
_PIN_REFUSED = _("Kart bu PIN’i kabul etmedi. Açılan ekranda başka bir PIN deneyin.")


def sentence(operation: Watched) -> str:
    """Where the operation stands, for the live line of the page."""
    if operation.kind == OperationKind.LOGIN:
        return str(_OF_LOGIN.get(operation.state, ""))
    if operation.state == State.IDENTIFIED and operation.code == "pin-refused":
        return str(_PIN_REFUSED)
    if operation.state in (State.CLAIMED, State.IDENTIFIED) and operation.decision in _BY_DECISION:
        return str(_BY_DECISION[operation.decision])
    by_state = _BY_STATE | _IN_ITS_WORDS.get(operation.kind, {})
    return str(by_state.get(operation.state, ""))
