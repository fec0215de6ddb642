"""`./run demo`: everything runs, a blocked card is in the reader, and somebody is told what to open."""

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from demo import endings
from demo.children import ChildFailedError, Children
from demo.machine_pcsc import PcscUnavailableError
from demo.options import Options, parse
from demo.scene import PortTakenError, set_up


def progress(text: str) -> None:
    """A line for people; stdout belongs to the JSON."""
    print(f"kilitçöz: {text}", file=sys.stderr, flush=True)


def play(options: Options, folder: Path) -> None:
    """Starts everything, says so, and stays until the end is asked for or something breaks."""
    is_gone = endings.stdin_watch()  # before anybody is told that all is ready, and may go at once
    with Children(folder / "logs") as children, contextlib.ExitStack() as held:
        try:
            ready = set_up(options, folder, children, held, progress)
            print(ready.as_json() if options.json else ready.as_text(options.language), flush=True)
            endings.wait(is_gone, children.check)
        finally:
            endings.close_ears()


def main() -> int:
    """Returns the exit status: 0 when it was ended from outside."""
    options = parse()
    endings.listen()
    folder = options.data or Path(tempfile.mkdtemp(prefix="kilitcoz-demo-"))
    kept = options.data is not None
    try:
        play(options, folder)
    except endings.EndedFromOutside:
        return 0
    except (PcscUnavailableError, PortTakenError) as failure:
        progress(str(failure))
        return 1
    except ChildFailedError as failure:
        kept = True  # its logs say more
        progress(str(failure))
        progress(f"the demo has ended. Everything it wrote is in {folder}")
        return 1
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
