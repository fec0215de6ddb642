"""The text of E-Onay, by version and language, as literal data.

A version that was signed is never changed: another text is another version. `{organisation}` is this
installation's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CURRENT = "2026-1"


@dataclass(frozen=True)
class Section:
    """A heading and what is said below it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One version in one language. `labels`: of the table of who consents."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    signing: str
    labels: Mapping[str, str]


TURKISH = Text(
    title="E-Onay metni",
    lead="Bu metni bir kez imzalarsanız {organisation} sonraki sertifika başvurularınızda sizden yeniden "
    "imza istemez.",
    sections=(
        Section(
            "Neye onay veriyorsunuz?",
            (
                "Sertifikanızın süresi dolduğunda ya da yeni bir karta ihtiyacınız olduğunda yapacağınız "
                "başvuruların, kimliğiniz doğrulandıktan sonra, ıslak imza ya da yeni bir e-imza olmadan "
                "kabul edilmesine onay veriyorsunuz.",
                "Her başvuruyu yine siz başlatırsınız. Bu onay, sizin isteğiniz olmadan adınıza başvuru "
                "yapılmasına izin vermez.",
            ),
        ),
        Section(
            "Neye onay vermiyorsunuz?",
            (
                "Bu onay başka hiçbir belgenin imzası yerine geçmez. PIN’inizi, güvenlik sözcüğünüzü ya da "
                "kartınızı kimseyle paylaşmanızı gerektirmez.",
            ),
        ),
        Section(
            "Verileriniz",
            (
                "Bu belgede adınız, kimlik numaranız ve imza sertifikanız yer alır. Belge yalnızca bu onayı "
                "kanıtlamak için saklanır; dilediğinizde indirebilirsiniz.",
            ),
        ),
        Section(
            "Geri alma",
            (
                "Onayınızı dilediğiniz zaman, gerekçe göstermeden “E-Onay” sayfasından geri alabilirsiniz. "
                "Geri aldıktan sonraki başvurularınızda yeniden imza istenir; önceki başvurularınız "
                "etkilenmez.",
            ),
        ),
    ),
    signing="Bu belge, kart üzerindeki nitelikli elektronik sertifika ile, 5070 sayılı Kanun’a göre güvenli "
    "elektronik imza ile imzalanır. İmza bu PDF’nin içindedir.",
    labels=MappingProxyType(
        {
            "what": "Alan",
            "value": "Değer",
            "name": "Ad soyad",
            "id_number": "Kimlik numarası",
            "version": "Metnin sürümü",
            "prepared": "Hazırlandığı an",
            "signature": "İmza",
        }
    ),
)

ENGLISH = Text(
    title="E-Approval text",
    lead="If you sign this text once, {organisation} asks you for no new signature in later applications for "
    "a certificate.",
    sections=(
        Section(
            "What do you consent to?",
            (
                "You consent that applications which you make when your certificate ends, or when you need a "
                "new card, are accepted without a handwritten or a new electronic signature, after your "
                "identity was verified.",
                "It is still you who begins every application. This consent lets nobody apply in your name "
                "without your wish.",
            ),
        ),
        Section(
            "What do you not consent to?",
            (
                "This consent takes the place of no other document’s signature. It does not ask you to share "
                "your PIN, your security word or your card with anybody.",
            ),
        ),
        Section(
            "Your data",
            (
                "This document has your name, your ID number and your signature certificate. It is kept only "
                "to prove this consent; you can download it whenever you like.",
            ),
        ),
        Section(
            "Withdrawal",
            (
                "You can withdraw your consent at any time, without giving a reason, on the page "
                "“E-Approval”. Applications after that ask for a signature again; earlier ones are not "
                "affected.",
            ),
        ),
    ),
    signing="This document is signed with the qualified electronic certificate on the card, by a secure "
    "electronic signature under Law 5070. The signature is inside this PDF.",
    labels=MappingProxyType(
        {
            "what": "Item",
            "value": "Value",
            "name": "Name",
            "id_number": "ID number",
            "version": "Version of the text",
            "prepared": "Prepared at",
            "signature": "Signature",
        }
    ),
)

VERSIONS: Mapping[tuple[str, str], Text] = MappingProxyType(
    {(CURRENT, "tr"): TURKISH, (CURRENT, "en"): ENGLISH}
)


def current(language: str) -> Text:
    """The text of today; in Turkish where there is none in this language."""
    return VERSIONS.get((CURRENT, language), TURKISH)
