"""Draws the SVG files of this directory. `python docs/drawings/draw.py` writes them; with `--check` it compares."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
GREY, BLUE, GREEN, AMBER = "#eceff1", "#d6e6f7", "#dcefd9", "#fbe7c2"
STYLE = "font:13px 'DejaVu Sans',Verdana,sans-serif"


class Drawing:
    """Shapes on a white sheet."""

    def __init__(self, width: int, height: int) -> None:
        self.size = width, height
        self.shapes: list[str] = []

    def box(  # noqa: PLR0917  # place, size, text
        self, x: int, y: int, width: int, text: str, note: str = "", fill: str = GREY, height: int = 44
    ) -> None:
        """A box with a text in its middle and a smaller one below it."""
        self.shapes.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" fill="{fill}" stroke="#455a64"/>'
        )
        middle = x + width // 2
        self.text(middle, y + height // 2 + (-2 if note else 5), text, anchor="middle")
        if note:
            self.text(middle, y + height // 2 + 14, note, anchor="middle", size=11)

    def text(self, x: int, y: int, text: str, *, anchor: str = "start", size: int = 13) -> None:
        """A line of text."""
        place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
        self.shapes.append(f'<text {place} style="font-size:{size}px" fill="#1c262b">{escape(text)}</text>')

    def line(self, *points: tuple[int, int], arrow: bool = True, dashed: bool = False) -> None:
        """A line through points, with an arrow at its end."""
        path = " ".join(f"{x},{y}" for x, y in points)
        extra = ' marker-end="url(#arrow)"' * arrow + ' stroke-dasharray="4 3"' * dashed
        self.shapes.append(f'<polyline points="{path}" fill="none" stroke="#455a64"{extra}/>')

    def svg(self) -> str:
        """The file."""
        width, height = self.size
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        marker = '<marker id="arrow" markerWidth="9" markerHeight="9" refX="8" refY="4" orient="auto">'
        arrow = f'<defs>{marker}<path d="M0,0 L9,4 L0,8 z" fill="#455a64"/></marker></defs>'
        sheet = '<rect width="100%" height="100%" fill="white"/>'
        return "\n".join([f'{head} style="{STYLE}">', arrow, sheet, *self.shapes, "</svg>", ""])


def message() -> Drawing:
    """A datagram, a message in it, an attribute in that."""
    draw = Drawing(760, 330)
    draw.text(20, 26, "datagram")
    draw.box(20, 36, 230, "message", "an address")
    draw.box(250, 36, 290, "message", "another address", BLUE)
    draw.box(540, 36, 200, "NLMSG_DONE", "the end of the dump")
    draw.line((250, 80), (20, 130), arrow=False, dashed=True)
    draw.line((540, 80), (740, 130), arrow=False, dashed=True)
    draw.text(380, 124, "message", anchor="middle")
    draw.box(20, 134, 170, "nlmsghdr", "16 bytes", BLUE)
    draw.box(190, 134, 150, "ifaddrmsg", "8 bytes", BLUE)
    draw.box(340, 134, 170, "attribute", "IFA_LOCAL", GREEN)
    draw.box(510, 134, 230, "attribute", "IFA_LABEL", GREEN)
    for line, text in enumerate(("length of the message", "type: RTM_NEWADDR", "flags", "sequence number · port")):
        draw.text(24, 200 + 17 * line, text, size=11)
    for line, text in enumerate(("family · prefix length", "flags · scope", "index of the interface")):
        draw.text(194, 200 + 17 * line, text, size=11)
    draw.line((340, 178), (340, 250), arrow=False, dashed=True)
    draw.line((510, 178), (740, 250), arrow=False, dashed=True)
    draw.box(340, 256, 110, "rta_len", "8, 2 bytes", GREEN)
    draw.box(450, 256, 130, "rta_type", "IFA_LOCAL, 2 bytes", GREEN)
    draw.box(580, 256, 160, "192.0.2.2", "4 bytes", GREEN)
    return draw


def pipeline() -> Drawing:
    """The way of an answer through the code."""
    draw = Drawing(760, 250)
    draw.text(20, 26, "kernel")
    draw.box(20, 36, 110, "rtnetlink", fill=AMBER)
    draw.text(170, 26, "C core, csrc/: one call for a whole query")
    steps = {"socket": "sender check", "exchange": "one whole answer", "messages": "one loop", "attributes": "one loop"}
    for at, (name, note) in enumerate(steps.items()):
        draw.box(170 + 148 * at, 36, 126, name, note, BLUE)
        draw.line((130 if not at else 148 + 148 * at, 58), (170 + 148 * at, 58))
    draw.line((677, 80), (677, 112))
    draw.box(614, 112, 126, "records", "fixed size", BLUE)
    draw.line((614, 134), (592, 134))
    draw.box(466, 112, 126, "filter", "where=", BLUE)
    draw.line((466, 134), (444, 134))
    draw.box(318, 112, 126, "block", "one allocation", BLUE)
    draw.line((381, 156), (381, 192))
    draw.text(20, 186, "Python, getifs/: made when used")
    draw.box(318, 192, 126, "Table", "keeps the block", GREEN)
    draw.line((318, 214), (296, 214))
    draw.box(170, 192, 126, "rows", "Interface, Route …", GREEN)
    draw.line((444, 214), (466, 214))
    draw.box(466, 192, 126, "columns", "memoryview, numpy", GREEN)
    return draw


def completeness() -> Drawing:
    """Two dumps that lost a row each, and what connects them."""
    draw = Drawing(760, 305)
    draw.text(20, 26, "rows of the table, in the kernel's order; all of them exist during the whole call")
    for at, name in enumerate("abcdefgh"):
        draw.box(110 + 68 * at, 36, 56, name, fill="white", height=28)
    draw.text(20, 116, "dump 1")
    draw.text(20, 216, "dump 2")
    for y, chunks in ((96, ("abc", "efgh")), (196, ("abcdef", "h"))):
        for chunk in chunks:
            first = "abcdefgh".index(chunk[0])
            width = 68 * len(chunk) - 12
            draw.box(110 + 68 * first, y, width, " ".join(chunk), "chunk", BLUE)
    draw.text(342, 86, "d is lost", anchor="middle", size=11)
    draw.text(614, 258, "g is lost", anchor="middle", size=11)
    draw.line((70, 118), (110, 118))
    draw.text(72, 90, "START", size=11)
    draw.line((642, 118), (690, 118))
    draw.text(696, 122, "END", size=11)
    for x, text in ((206, "both show a, b, c"), (450, "both show e, f")):
        draw.line((x, 196), (x, 142))
        draw.line((x, 142), (x, 196))
        draw.text(x + 10, 174, text, size=11)
    draw.text(110, 286, "START – abc – abcdef – efgh – END: connected, so no row is missing. The answer is a … h.")
    return draw


def main() -> None:
    """Writes the files, or compares them."""
    for make in (message, pipeline, completeness):
        path = HERE / f"{make.__name__}.svg"
        if "--check" not in sys.argv:
            path.write_text(make().svg(), encoding="utf-8")
        elif path.read_text(encoding="utf-8") != make().svg():
            sys.exit(f"{path} is not what draw.py draws")


if __name__ == "__main__":
    main()
