"""What is found wrong with something typed, before anything is sent."""

from __future__ import annotations

from kilitcoz_agent.texts import Both
from kilitcoz_agent.texts.errors.rows import ErrorText, Origin


def _row(happened: Both, next_step: Both) -> ErrorText:
    return ErrorText(Origin.TYPED, happened, next_step)


ROWS: dict[str, ErrorText] = {
    "pin-missing": _row(
        ("PIN yazılmadı.", "No PIN was typed."),
        ("PIN’inizi yazın.", "Type your PIN."),
    ),
    "pin-too-short": _row(
        ("PIN çok kısa.", "The PIN is too short."),
        ("En az {min_length} rakam yazın.", "Type at least {min_length} digits."),
    ),
    "pin-too-long": _row(
        ("PIN çok uzun.", "The PIN is too long."),
        ("En çok {max_length} rakam yazın.", "Type at most {max_length} digits."),
    ),
    "pin-not-digits": _row(
        ("PIN’de rakamdan başka bir şey var.", "The PIN has something other than digits in it."),
        ("Yalnızca 0–9 arası rakamlar yazın.", "Use only the digits 0–9."),
    ),
    "pin-repeated": _row(
        ("Hep aynı rakamdan oluşan PIN kolay tahmin edilir.", "A PIN of one digit only is easily guessed."),
        ("Farklı rakamlar kullanın.", "Use different digits."),
    ),
    "pin-sequential": _row(
        (
            "Sıralı rakamlardan oluşan PIN kolay tahmin edilir.",
            "A PIN of digits in sequence is easily guessed.",
        ),
        ("Rakamları sırayla yazmayın.", "Do not use digits in sequence."),
    ),
    "pin-mismatch": _row(
        ("İki PIN aynı değil.", "The two PINs are not the same."),
        ("Yeni PIN’inizi buraya aynen tekrar yazın.", "Type your new PIN here again, exactly."),
    ),
    "pin-unchanged": _row(
        ("Yeni PIN, mevcut PIN ile aynı.", "The new PIN is the same as the current one."),
        ("Farklı bir PIN seçin.", "Choose a different PIN."),
    ),
    "pairing-code-form": _row(
        ("Kod 8 harf ve rakamdan oluşur.", "The code has 8 letters and digits."),
        ("Kodu portaldaki gibi yazın.", "Type the code as the portal shows it."),
    ),
    "portal-not-chosen": _row(
        ("Portal seçilmedi.", "No portal was chosen."),
        ("Kodu gösteren portalı seçin.", "Choose the portal that showed the code."),
    ),
    "card-not-chosen": _row(
        ("Kart seçilmedi.", "No card was chosen."),
        ("Listeden bir kart seçin.", "Choose a card from the list."),
    ),
}
