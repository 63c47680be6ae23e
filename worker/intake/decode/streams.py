"""Bytes that come once, block by block, and never more of them than limits allow."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import zstandard

from worker.model import Limits

_BLOCK = 1 << 16
#: Zstandard has no bound on what it returns for a block: four bytes may stand for 128 KiB of it (RFC 8878, 3.1.1.2).
_ZSTD_BLOCK = 1 << 9
_ZSTD_WINDOW = 1 << 26  #: bytes of memory that a frame may ask for; `zstd --ultra -22` asks for as much on 128 MiB
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
#: Whatever its ratio, a dump may unpack to this many bytes: a short page of one repeated line is no bomb.
_ALWAYS = 1 << 20


class Broken(Exception):
    """The bytes end too early, or are not what their beginning promised. What came before them stays."""


class Exceeded(Exception):
    """A limit of the whole dump is reached: nothing more of it is read."""


class Meter:
    """Counts what a dump unpacks to."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._left = max(packed * limits.expansion, _ALWAYS)
        self._expansion = limits.expansion

    def take(self, size: int) -> None:
        """So many bytes were unpacked. Raises Exceeded."""
        self._left -= size
        if self._left < 0:
            raise Exceeded(
                f"unpacks to more than {self._expansion} times its size ([limits] expansion): "
                "what is read before this stays"
            )


class Stream:
    """Bytes in one direction with a look ahead. They end where they are broken, and `trouble` then says why."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = b""
        self._at = 0
        self.trouble: str | None = None

    @classmethod
    def of(cls, file: BinaryIO) -> Stream:
        """What a file holds from here on."""
        return cls(iter(lambda: file.read(_BLOCK), b""))

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end; they stay."""
        while len(self._held) - self._at < size and (block := self._block()):
            self._held = self._held[self._at :] + block
            self._at = 0
        return self._held[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        parts, missing = [], size
        while missing > 0 and (self._at < len(self._held) or self._refill()):
            part = self._held[self._at : self._at + missing]
            self._at += len(part)
            missing -= len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readline(self, size: int) -> bytes:
        """The next bytes up to a line feed, and no more than `size`."""
        line = b""
        while len(line) < size and (self._at < len(self._held) or self._refill()):
            end = self._held.find(b"\n", self._at) + 1
            part = self._held[self._at : end or len(self._held)][: size - len(line)]
            self._at += len(part)
            line += part
            if line.endswith(b"\n"):
                break
        return line

    def skip_to(self, mark: bytes) -> bool:
        """Skip what comes before the next occurrence of `mark`; whether there is one."""
        while True:
            found = self._held.find(mark, self._at)
            if found >= 0:
                self._at = found
                return True
            kept = self._held[max(self._at, len(self._held) - len(mark) + 1) :]
            if not (block := self._block()):
                self._at = len(self._held)
                return False
            self._held, self._at = kept + block, 0

    def back(self, some: bytes) -> None:
        """Put bytes back that were read too far."""
        self._held = some + self._held[self._at :]
        self._at = 0

    def _refill(self) -> bool:
        self._held, self._at = self._block(), 0
        return bool(self._held)

    def _block(self) -> bytes:
        """The next block; empty at the end."""
        try:
            return next((block for block in self._blocks if block), b"")
        except Broken as error:
            self.trouble = str(error)
            return b""


def gunzip(packed: Stream, meter: Meter) -> Iterator[bytes]:
    """The members of a gzip file (RFC 1952), one behind the other. Raises Broken and Exceeded."""
    while packed.peek(1):
        if packed.peek(2) != _GZIP:
            if packed.peek(_BLOCK).strip(b"\0"):
                raise Broken("something other than gzip data follows them")
            return  # padding of tapes
        yield from inflate(packed, meter, zlib.MAX_WBITS | 16, "gzip")


def inflate(packed: Stream, meter: Meter, window: int, name: str) -> Iterator[bytes]:
    """One stream of deflated data (RFC 1951) in the wrapping that zlib's `wbits` says. Raises Broken and Exceeded."""
    unpacker = zlib.decompressobj(window)
    while not unpacker.eof:
        block = unpacker.unconsumed_tail or packed.read(_BLOCK)
        try:
            unpacked = unpacker.decompress(block, _BLOCK)
        except zlib.error as error:
            raise Broken(f"the {name} data are damaged ({error})") from error
        if not block and not unpacked and not unpacker.eof:
            raise Broken(f"the {name} data end too early")
        meter.take(len(unpacked))
        yield unpacked
    packed.back(unpacker.unused_data)


def unzstd(packed: Stream, meter: Meter) -> Iterator[bytes]:
    """The frames of a Zstandard file (RFC 8878), one behind the other. Raises Broken and Exceeded."""
    while head := packed.peek(8):
        if head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50:  # a skippable frame
            _skip(packed, int.from_bytes(head[4:8], "little") + 8)
            continue
        if not head.startswith(_ZSTD):
            raise Broken("something other than zstd data follows them")
        unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        while not unpacker.eof:
            block = packed.read(_ZSTD_BLOCK)
            if not block:
                raise Broken("the zstd data end too early")
            try:
                unpacked = unpacker.decompress(block)
            except zstandard.ZstdError as error:
                raise Broken(f"the zstd data are damaged or need a dictionary ({error})") from error
            meter.take(len(unpacked))
            yield unpacked
        packed.back(unpacker.unused_data)


def _skip(stream: Stream, size: int) -> None:
    while size > 0 and (some := stream.read(min(size, _BLOCK))):
        size -= len(some)


#: How each kind of packing is undone, by its name.
UNPACKERS: dict[str, Callable[[Stream, Meter], Iterator[bytes]]] = {"gzip": gunzip, "zstd": unzstd}
