"""Pictures of the main pages, as `make screenshots` writes them: for people to look at.

PYTHONPATH=tests python tests/browser/shots.py FOLDER
"""

from __future__ import annotations

import argparse
import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from chromium import chromium, missing, window
from edition import KINDS, edition

DAYS = 40  #: of news: more than a month, so that there is an archive
WIDTHS = (1280, 360)  #: CSS pixels: a desk and a phone
SCHEMES = ("light", "dark")
TALLEST = 6000  #: CSS pixels of a picture; nobody looks further down


def main(folder: Path) -> int:
    """Write every page in every width and light into `folder`."""
    if told := missing():
        print(f"no pictures: {told}", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch, edition(Path(scratch), DAYS) as site, chromium() as browser:
        there = [kind for kind in KINDS if site.there(kind)]
        for width, scheme in product(WIDTHS, SCHEMES):
            size = {"width": width, "height": 900}
            with window(browser, site.stand.base, viewport=size, color_scheme=scheme) as opened:
                for kind in there:
                    opened.open(site.path(kind))
                    height = opened.page.evaluate("document.documentElement.scrollHeight")
                    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
                    path = folder / f"{kind}-{width}-{scheme}.png"
                    opened.page.screenshot(path=path, full_page=True, clip=clip)  # type: ignore[arg-type]
                for told in opened.complaints:
                    print(told, file=sys.stderr)
    print(f"{len(there) * len(WIDTHS) * len(SCHEMES)} pictures in {folder}")
    if absent := [kind for kind in KINDS if kind not in there]:
        print(f"not there, so not pictured: {', '.join(absent)}")
    return 0


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    sys.exit(main(arguments.parse_args().folder))
