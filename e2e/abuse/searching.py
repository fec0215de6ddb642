"""Looking for secrets in what programs leave behind or hold: bytes that passed, files, live memory."""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

MAPPING = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw")


def forms(secret: str) -> list[bytes]:
    """A text as programs write it: plain, wide, in hex, in base64 at each of its three alignments."""
    plain = secret.encode()
    found = [plain, secret.encode("utf-16-le"), plain.hex().encode()]
    for before in range(3):
        whole = base64.b64encode(bytes(before) + plain).rstrip(b"=")
        cut = -1 if (before + len(plain)) % 3 else None  # the last character also holds what follows
        found.append(whole[(before * 8 + 5) // 6 : cut])
    return found


def traces(secrets: Mapping[str, str], places: Mapping[str, bytes]) -> list[str]:
    """`secret in place` for each secret that is in a place, in whatever form."""
    return [
        f"{name} in {where}"
        for where, content in places.items()
        for name, secret in secrets.items()
        if any(form in content for form in forms(secret))
    ]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, whole: of a database also its journal and its free pages."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def descendants(pid: int) -> Iterator[int]:
    """The process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from descendants(int(child))


def memory(pid: int) -> bytes:
    """All that the process can write to, as a debugger reads it."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb") as mem:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            if (bounds := MAPPING.match(line)) and "[vvar" not in line:
                start, end = (int(each, 16) for each in bounds.groups())
                mem.seek(start)
                found.append(mem.read(end - start))
    return b"".join(found)


def memories(name: str, pid: int) -> dict[str, bytes]:
    """Memory of a process and all that it started, by name and number."""
    return {f"memory of {name} {each}": memory(each) for each in descendants(pid)}
