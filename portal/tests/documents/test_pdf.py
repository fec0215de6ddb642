"""documents.pdf: accessible PDF whose values are text, whatever stands in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portal.tests.documents.paper import catalogue_of, fonts_of, structure_of, text_of

from kilitcoz_portal.documents import pdf
from kilitcoz_portal.documents.errors import DocumentFailed, DocumentTooLarge
from kilitcoz_portal.documents.printable import REPERTOIRE, printable

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TEMPLATE = """
#import "/documents/paper.typ": paper, values
#show: paper.with(title: values.title, organisation: "Örnek Kurumu")
== Başvuran
#table(columns: 2, table.header[Alan][Değer], [Ad], [#values.name])
"""

Printed = Callable[[str], bytes]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package of its own with the common paper and one template."""
    (tmp_path / "documents").mkdir()
    paper = pdf.PACKAGE / "documents" / "paper.typ"
    (tmp_path / "documents" / "paper.typ").write_bytes(paper.read_bytes())
    (tmp_path / "form.typ").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def printed(root: Path) -> Printed:
    """A form with this name on it."""
    return lambda name: pdf.render(
        root / "form.typ", {"title": "Başvuru Formu", "name": name}, now=NOW, root=root
    )


def test_turkish_letters_are_read_back(printed: Printed) -> None:
    name = "Ayşe Yılmaz İĞÜŞÖÇ ığüşöç âîû ₺"
    read = text_of(printed(name))
    assert name in read
    assert "Başvuru Formu" in read


def test_it_is_tagged_has_a_language_and_a_title_and_says_that_it_is_pdf_ua(printed: Printed) -> None:
    made = printed("Ayşe Yılmaz")
    catalogue = catalogue_of(made)
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]) == "tr"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].data
    tags = structure_of(made)
    assert all(tag in tags for tag in ("H1", "H2", "Table", "TH", "TD"))


def test_every_font_is_inside_the_file_and_knows_its_letters(printed: Printed) -> None:
    fonts = fonts_of(printed("Ayşe العربية Ψ"))
    assert len(fonts) >= 2
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)  # emb, sub, uni


def test_the_same_moment_gives_the_same_bytes_and_another_does_not(root: Path) -> None:
    values = {"title": "Başvuru Formu", "name": "Ayşe Yılmaz"}
    first, again = (pdf.render(root / "form.typ", values, now=NOW, root=root) for _ in range(2))
    later = pdf.render(root / "form.typ", values, now=NOW.replace(hour=10), root=root)
    assert first == again != later


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic() #read(/etc/passwd) #import",
        r"\ $x^2$ ] [ } { ) ( *b* _i_ `r` // /* */ @ref <label> ~ -- --- ... = - +",
        "\"quoted\" 'single' “ ” ’ \\u{41} &lt; %s {{ values }}",
        "</script><script>alert(1)</script>",
    ],
)
def test_markup_comes_through_as_text(printed: Printed, hostile: str) -> None:
    assert "".join(hostile.split()) in "".join(text_of(printed(hostile)).split())


def test_what_no_font_has_is_written_as_its_number(printed: Printed) -> None:
    read = text_of(printed("Ayşe 😀 漢 \u202egnirts\u0000 \ud83d b\u0323\u0301\u0301"))
    assert "Ayşe [U+1F600] [U+6F22] [U+202E]gnirts[U+0000] [U+D83D] ḅ[U+0301][U+0301]" in read
    assert "\u202e" not in read


def test_right_to_left_names_come_through(printed: Printed) -> None:
    read = text_of(printed("שלום"))
    assert "שלום" in read


def test_an_overlong_word_goes_on_in_the_next_line(printed: Printed) -> None:
    assert text_of(printed("w" * 3000)).count("w") == 3000


def test_many_lines_take_many_pages(printed: Printed) -> None:
    read = text_of(printed("\n".join(f"satır {number}" for number in range(200))))
    assert "satır 0\n" in read
    assert "satır 199" in read
    assert read.count("\f") > 3


def test_the_whole_repertoire_can_be_printed(printed: Printed) -> None:
    """Each letter beside each of its neighbours, and alone: no glyph is missing, and nothing panics."""
    letters = sorted(REPERTOIRE)
    assert printed(" ".join(letters))
    assert printed("".join(letters))
    assert printed("".join(reversed(letters)))
    assert set("abcçdefgğhıijklmnoöprsştuüvyzABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ₺№—“”’") <= REPERTOIRE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_whatever_becomes_a_document(printed: Printed, text: str) -> None:
    """Combining marks, controls, directions, surrogates: no panic, no refusal."""
    assert printed(text).startswith(b"%PDF-1.7")


def test_printable_keeps_lines_and_a_sha_256_whole() -> None:
    assert printable("a\r\nb\tc") == "a\nb c"
    assert printable("f" * 64) == "f" * 64
    assert printable("S\u0327ule") == "Şule"


def test_more_than_a_form_holds_is_refused(printed: Printed) -> None:
    with pytest.raises(DocumentTooLarge):
        printed("a" * pdf.MAX_JSON)


def test_a_missing_value_names_the_place_in_the_template_and_quotes_nothing(root: Path) -> None:
    with pytest.raises(DocumentFailed, match=r"form\.typ:\d+:\d+: document-failed") as caught:
        pdf.render(root / "form.typ", {"title": "Başvuru", "word": "kavu meti bozura"}, now=NOW, root=root)
    assert "kavu" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("path", ["../secret.txt", "/../secret.txt", "/etc/passwd"])
def test_a_template_reads_nothing_outside_its_root(root: Path, path: str) -> None:
    inner = root / "inner"
    inner.mkdir()
    (root / "secret.txt").write_text("gizli", encoding="utf-8")
    (inner / "bad.typ").write_text(f'#set document(title: "x")\n#read("{path}")', encoding="utf-8")
    with pytest.raises(DocumentFailed):
        pdf.render(inner / "bad.typ", {}, now=NOW, root=inner)


def test_no_template_of_ours_asks_for_a_package_from_afar_or_evaluates_text() -> None:
    templates = list(pdf.PACKAGE.rglob("*.typ"))
    assert templates
    for template in templates:
        source = template.read_text(encoding="utf-8")
        assert '"@' not in source, template.name
        assert "eval(" not in source, template.name
