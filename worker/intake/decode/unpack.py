"""A dump as the parts it holds, however it is packed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from worker.intake.decode import mail, warc, zips
from worker.intake.decode.kinds import HEAD, Form, foreign, form_of
from worker.intake.decode.parts import Part, Refused, too_large
from worker.intake.decode.streams import UNPACKERS, Exceeded, Meter, Stream
from worker.model import Limits

_DEPTH = 3  #: packings within each other: a gzipped WARC in a zip archive has two


def parts_of(file: BinaryIO, limits: Limits) -> Iterator[Part | Refused]:
    """The parts of a dump in their order. OSError is the file's own; nothing else is raised."""
    size = file.seek(0, 2)
    file.seek(0)
    if size > limits.bytes:
        yield Refused(f"the dump has {size} bytes, more than {limits.bytes} ([limits] bytes)", "unknown")
        return
    unpacking = _Unpacking(limits=limits, meter=Meter(size, limits))
    try:
        yield from unpacking.parts(Stream.of(file), _DEPTH, file)
    except Exceeded as error:
        yield Refused(f"the dump {error}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unpacking:
    """One dump coming apart."""

    limits: Limits
    meter: Meter

    def parts(self, stream: Stream, depth: int, file: BinaryIO | None = None) -> Iterator[Part | Refused]:
        """Parts of a stream; of `file`, where the stream is all of one. Raises Exceeded."""
        form = form_of(head := stream.peek(HEAD))
        if form in _PACKED and not depth:
            yield Refused(f"packed more than {_DEPTH} times over", form.value)
        elif form in {Form.GZIP, Form.ZSTD}:
            yield from self._unpacked(form, stream, depth)
        elif form is Form.ZIP:
            yield from self._zipped(stream, depth, file)
        elif form is Form.WARC:
            yield from warc.records(stream, self.limits, self.meter)
        elif form is Form.FOREIGN:
            yield Refused(f"binary: {foreign(head)}", "binary")
        else:
            yield from self._page(form, stream)

    def _page(self, form: Form, stream: Stream) -> Iterator[Part | Refused]:
        content = stream.read(self.limits.page_bytes + 1)
        if len(content) > self.limits.page_bytes:
            yield Refused(too_large(self.limits))
        elif form is Form.MAIL:
            yield from mail.texts(content)
        else:
            yield Part(content=content)

    def _unpacked(self, form: Form, packed: Stream, depth: int) -> Iterator[Part | Refused]:
        """What comes out of a compressed stream; where it breaks off, what came out before, and the reason."""
        inner = Stream(UNPACKERS[form.value](packed, self.meter))
        if inner.peek(1) or not inner.trouble:
            yield from self.parts(inner, depth - 1)
        if inner.trouble:
            yield Refused(inner.trouble, form.value)

    def _zipped(self, stream: Stream, depth: int, file: BinaryIO | None) -> Iterator[Part | Refused]:
        if file is None:  # the list of members is at the end
            content = stream.read(self.limits.page_bytes + 1)
            if len(content) > self.limits.page_bytes:
                yield Refused(f"a zip archive within another {too_large(self.limits)}", "zip")
                return
            file = BytesIO(content)
        nothing = True
        for label, member in zips.members(file, self.meter):
            nothing = False
            if isinstance(member, str):
                yield Refused(f"{label} {member}", "zip")
                continue
            if member.peek(1) or not member.trouble:
                for part in self.parts(member, depth - 1):
                    yield part if isinstance(part, Part) else Refused(f"{label}: {part.reason}", part.charset)
            if member.trouble:
                yield Refused(f"{label}: {member.trouble}", "zip")
        if nothing:
            yield Refused("a zip archive without members", "zip")


_PACKED = {Form.GZIP, Form.ZSTD, Form.ZIP}
