"""Text under way: white space collapses, blocks part lines, and spans of it are remembered."""

from __future__ import annotations

_CLOSING = frozenset(".,;:!?…)]»”’")


class Writer:
    """Puts words one behind the other; what parts them is decided when the next one comes.

    So a line has no white space at its ends, no more than one blank line stands between two, and the offset of
    what is written next is known. Modelled on `innerText` (WHATWG HTML, 3.2.7), which counts line breaks likewise.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._breaks = 0  #: line feeds that the next word needs before it
        self._space = self._edge = False
        self._in_line = 0  #: depth of what is kept in one line
        self.length = 0  #: characters so far; what parts the next word from them comes on top

    def apart(self, breaks: int) -> None:
        """What follows begins a line (1), or a paragraph (2)."""
        if self._in_line:
            self._space = True
        else:
            self._breaks = max(self._breaks, breaks)

    def line_break(self) -> None:
        """A br element: two of them are a paragraph's end."""
        if self._in_line:
            self._space = True
        else:
            self._breaks = min(self._breaks + 1, 2)

    def space(self) -> None:
        """White space, if a word follows on the same line."""
        self._space = True

    def edge(self) -> None:
        """The edge of an element that style sheets set apart: white space, unless punctuation follows."""
        self._edge = True

    def keep_in_line(self, depth: int) -> None:
        """From here on (+1), or no more (-1), blocks do not part lines."""
        self._in_line += depth

    def write(self, text: str) -> None:
        """Text as it stands in the document."""
        words = text.split()
        if not words:
            self._space = self._space or bool(text)
            return
        if self.length:
            if self._breaks:
                self._put("\n" * self._breaks)
            elif self._space or text[0].isspace() or (self._edge and text[0] not in _CLOSING):
                self._put(" ")
        self._breaks = 0
        self._edge = False
        self._put(" ".join(words))
        self._space = text[-1].isspace()

    def write_lines(self, text: str) -> None:
        """Text whose line feeds count: of a pre element."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.line_break()
            self.write(line)

    def text(self) -> str:
        """All of it, with a line feed at its end."""
        return "".join(self._parts) + "\n"

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)
