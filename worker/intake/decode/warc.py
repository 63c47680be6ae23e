"""The pages of a web archive: WARC (ISO 28500) and WET, which is WARC whose records hold extracted text."""

from __future__ import annotations

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from email.message import Message
from io import BytesIO

from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

from worker.intake.decode.parts import Part, Refused, too_large
from worker.intake.decode.streams import Broken, Exceeded, Meter, Stream, gunzip, inflate, unzstd
from worker.intake.shapes import legible
from worker.model import Limits

_MOST_HEADERS = 1 << 18  #: bytes of headers of a record, and of each line of them; news sites send about 2 KiB
_MOST_VERSION = 1 << 10  #: bytes of a record's first line
_BLOCK = 1 << 16
_CURE = "have the crawler fetch and write that page again"
_READABLE = ("response", "conversion", "resource")
_TEXT = ("text/", "application/xhtml", "application/xml", "message/rfc822")
logging.getLogger("warcio").setLevel(logging.ERROR)  # what it warns of is in the pages


class _Lines:
    """A stream as warcio reads it, with headers that come to an end."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.left = _MOST_HEADERS
        self._at = 0

    def read(self, size: int) -> bytes:
        some = self._stream.read(size)
        self._at += len(some)
        return some

    def readline(self, size: int | None = None) -> bytes:
        """A line of headers. Raises Broken where they are too long."""
        line = self._stream.readline(self.left if size is None else min(size, self.left))
        self._at += len(line)
        self.left -= len(line)
        if self.left <= 0:
            raise Broken(f"a record has more than {_MOST_HEADERS} bytes of headers")
        return line

    def tell(self) -> int:
        return self._at


def records(stream: Stream, limits: Limits, meter: Meter) -> Iterator[Part | Refused]:
    """Every record that holds a page; where none does, what there is instead. Raises Exceeded."""
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    met: Counter[str] = Counter()
    readable = False
    while line := _next_start(stream):
        for part in _record(loader, line, _Lines(stream), (limits, meter), met):
            readable = True
            yield part
    if not readable:
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(met.items())) or "none at all"
        yield Refused(f"a WARC without a page in its records: {told}")


def _next_start(stream: Stream) -> bytes:
    """The line with which the next record begins; what lies before it is blank, or the rest of a broken one."""
    if stream.peek(5) != b"WARC/" and stream.skip_to(b"\nWARC/"):
        stream.read(1)
    return stream.readline(_MOST_VERSION)


def _record(
    loader: ArcWarcRecordLoader, line: bytes, lines: _Lines, bounds: tuple[Limits, Meter], met: Counter[str]
) -> Iterator[Part | Refused]:
    limits, meter = bounds
    try:
        record = loader.parse_record_stream(lines, line, "warc", no_record_parse=True)
        uri = _checked(record.rec_headers, record.rec_type in loader.HTTP_RECORDS)
        record.http_headers = loader.load_http_headers(record.rec_type, uri, record.raw_stream, record.length)
        kind = record.rec_type or "of no type"
        met[kind if len(kind) <= 20 else "odd"] += 1
        wanted = kind in _READABLE and _is_text(record)
        content = record.raw_stream.read(limits.page_bytes + 1) if wanted else b""
        _drain(record)
        missing = record.raw_stream.limit
        if wanted and (content or not missing):
            yield _part(record, content, limits, meter)
        if wanted and missing:
            yield Refused(f"the WARC ends {missing} bytes before its last record does")
    except Exceeded:
        raise
    except Broken as error:
        yield Refused(f"a broken WARC record: {error}; {_CURE}")
    except Exception as error:  # warcio fails in many ways on what is no WARC
        yield Refused(f"a broken WARC record: its headers cannot be read ({type(error).__name__}); {_CURE}")


def _checked(headers: StatusAndHeaders, http: bool) -> str:
    """The address of a record whose headers suffice to read it (ISO 28500, 5.4, 5.9). Raises Broken."""
    length, uri = headers.get_header("Content-Length"), headers.get_header("WARC-Target-URI")
    if length is None:
        raise Broken("it states no Content-Length")
    if not re.fullmatch(r"\s*[0-9]{1,18}\s*", length):
        raise Broken(f"its Content-Length is {legible.tidy(length)[:20]!r}, no count of bytes")
    if http and not uri:
        raise Broken("it states no WARC-Target-URI")
    return str(uri or "")


def _drain(record: ArcWarcRecord) -> None:
    while record.raw_stream.read(_BLOCK):
        pass


def _is_text(record: ArcWarcRecord) -> bool:
    """Whether a record holds what a site answered with, and that may be a page."""
    http = record.http_headers
    if http is None:
        told = record.rec_headers.get_header("Content-Type") or ""
        return record.rec_type != "resource" or told.lower().startswith(_TEXT)
    told = http.get_header("Content-Type") or "text/html"
    return str(http.get_statuscode()).startswith("2") and told.lower().strip().startswith(_TEXT)


def _part(record: ArcWarcRecord, content: bytes, limits: Limits, meter: Meter) -> Part | Refused:
    http = record.http_headers
    if http is not None and len(content) <= limits.page_bytes:
        content = _decoded(http, content, limits, meter)
    if len(content) > limits.page_bytes:
        return Refused(too_large(limits))
    told = Message()
    told["Content-Type"] = (http or record.rec_headers).get_header("Content-Type") or "text/plain"
    return Part(
        content=content,
        charset=_charset(told) if http is not None else None,
        html=told.get_content_type() in {"text/html", "application/xhtml+xml"},
        url=legible.tidy(record.rec_headers.get_header("WARC-Target-URI") or "") or None,
        captured=_day(record.rec_headers.get_header("WARC-Date")),
    )


def _decoded(http: StatusAndHeaders, content: bytes, limits: Limits, meter: Meter) -> bytes:
    """The body of an answer without transfer and content codings (RFC 9112, 7.1; RFC 9110, 8.4.1). Raises Broken."""
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        content = ChunkedDataReader(BytesIO(content)).read()
    for coding in reversed((http.get_header("Content-Encoding") or "").lower().replace(",", " ").split()):
        if coding in _UNCODED:
            continue
        packed = Stream.of(BytesIO(content))
        if coding not in _CODINGS:
            raise Broken(f"its content coding {coding[:20]!r} is none of {', '.join(_CODINGS)}")
        if coding.endswith("gzip") and packed.peek(2) != b"\x1f\x8b":
            continue  # many crawlers unpack, and keep the header
        unpacked = Stream(_CODINGS[coding](packed, meter))
        content = unpacked.read(limits.page_bytes + 1)
        if unpacked.trouble and not content:
            raise Broken(unpacked.trouble)
    return content


def _deflated(packed: Stream, meter: Meter) -> Iterator[bytes]:
    """With the wrapping of zlib, as the standard says, or without it, as some servers send it."""
    head = packed.peek(2)
    wrapped = len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0
    return inflate(packed, meter, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, "deflate")


def _charset(told: Message) -> str | None:
    try:
        return told.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return None


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat((told or "")[:10])
    except ValueError:
        return None


_UNCODED = {"identity", "none", "utf-8"}
_CODINGS = {"gzip": gunzip, "x-gzip": gunzip, "deflate": _deflated, "zstd": unzstd}
