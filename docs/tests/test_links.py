"""What the documents point to exists, and no package registry or mirror is written down anywhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE_BY_TOOLS = {"__pycache__", "var", "results"}
MARKDOWN_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# Where pip, npm, apt, Go or Docker would fetch from: that belongs to the machine, not to the tree.
REGISTRY_HOST = re.compile(
    r"https?://[\w.-]*(pypi\.|pythonhosted\.|npmjs\.|yarnpkg\.|deb\.debian\.|snapshot\.debian\.|archive\.ubuntu\."
    r"|proxy\.golang\.|crates\.io|ghcr\.io|quay\.io|docker\.io|rubygems\.|maven\.|anaconda\.|artifactory|nexus|mirror)",
    re.IGNORECASE,
)
INDEX_OPTION = re.compile(r"^\s*--?(index-url|extra-index-url|find-links|trusted-host|i|f)\b", re.MULTILINE)


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    """Everything that is not made by tools; works without git, e.g. in an unpacked archive."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name == ".ci" or not (path.name in MADE_BY_TOOLS or path.name.startswith(".")):
            yield from project_files(path)


def anchors(markdown: str) -> set[str]:
    """The fragment that GitHub gives each heading."""
    headings = HEADING.findall(FENCED_CODE.sub("", markdown))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "document",
    [path for path in project_files() if path.suffix == ".md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_relative_link_in_a_document_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    broken = []
    for target in MARKDOWN_LINK.findall(FENCED_CODE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        path = (document.parent / name) if name else document
        if not path.exists() or (
            fragment and path.suffix == ".md" and fragment not in anchors(path.read_text(encoding="utf-8"))
        ):
            broken.append(target)
    assert broken == []


def test_no_registry_or_mirror_address_is_committed() -> None:
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in REGISTRY_HOST.finditer(text)]
    assert found == []


def test_requirements_name_no_index() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert INDEX_OPTION.search(path.read_text(encoding="utf-8")) is None, path.name


def test_every_pinned_requirement_has_its_hashes() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == [], path.name
