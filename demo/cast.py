"""Who plays: the same few people in every demo, story and test. All invented."""

from dataclasses import dataclass

ORGANISATION = "Örnek Sertifika Hizmetleri"
CALL_CENTRE = "0850 000 00 00"
REGISTRAR, OPERATOR, SECOND_OPERATOR = "Elif Şahin", "Zeynep Kaya", "Deniz Arslan"


@dataclass(frozen=True)
class Person:
    """A holder as the registry knows them; `id_number` is a T.C. Kimlik No, `phone` is E.164."""

    name: str
    id_number: str
    phone: str


AYSE = Person("Ayşe Yılmaz", "10000000146", "+905321234567")
MEHMET = Person("Mehmet Demir", "20000000046", "+905329876543")
KEREM = Person("Kerem Aksoy", "20000000114", "+905321112233")  # the thief, who is also a holder
