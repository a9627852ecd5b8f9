"""Checks the links of built documentation: files and anchors must exist. Lists the links to other sites.

Usage: scripts/check_links.py DIRECTORY
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent
OWN = re.compile(r"https://github\.com/getifs/getifs/(?:blob|edit)/main/([^?#]+)")


class Page(HTMLParser):
    """The anchors and the links of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # of the base
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


def main(root: Path) -> None:
    """Prints what is wrong, and where other sites are linked."""
    pages = {path.resolve(): Page(path) for path in root.rglob("*.html")}
    wrong: list[str] = []
    other: dict[str, str] = {}
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if own := OWN.match(link):
                if not (REPOSITORY / own[1]).exists():
                    wrong.append(f"{path.relative_to(root.resolve())}: {link}")
                continue
            if parts.scheme or parts.netloc:
                if parts.scheme != "data":
                    other.setdefault(link, path.name)
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            if not target.exists() or (known and parts.fragment and unquote(parts.fragment) not in known.ids):
                wrong.append(f"{path.relative_to(root.resolve())}: {link}")
    for link, name in sorted(other.items()):
        print(f"not checked, in {name}: {link}")
    print(f"{len(pages)} pages, {len(other)} links to other sites, {len(wrong)} broken links")
    if wrong or not pages:
        sys.exit("\n".join(sorted(wrong)) or f"no pages in {root}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
