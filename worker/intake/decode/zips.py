"""The members of a zip archive (APPNOTE.TXT of PKWARE), and as many of a damaged one as can be had."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from worker.intake.decode.streams import Broken, Meter, Stream, inflate

_BLOCK = 1 << 16
_MOST_DIRECTORY = 64 << 20  #: bytes of the list of members, which is held in memory
_LOCAL = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
#: What zipfile raises for archives that are not what they claim to be.
_WRONG = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_ODD = (*_WRONG, struct.error, OverflowError, MemoryError, IndexError, KeyError, AttributeError)

#: A member's name, which is a label and never a path, and its bytes or why there are none.
Member = tuple[str, Stream | str]


def members(file: BinaryIO, meter: Meter) -> Iterator[Member]:
    """Every member that is a file, in the order of the archive's directory. Raises Exceeded."""
    if _directory_size(file) > _MOST_DIRECTORY:
        yield "its directory", f"has more than {_MOST_DIRECTORY} bytes; divide the archive"
        return
    try:
        archive = zipfile.ZipFile(file)
    except _ODD:
        file.seek(0)
        yield from _salvaged(Stream.of(file), meter)
        yield "its directory", "is missing or damaged: the archive was cut short or is broken"
        return
    with archive:
        for info in archive.infolist():
            if not info.filename.endswith("/") and not info.filename.startswith("__MACOSX/"):
                yield _label(info.filename), _member(archive, info, meter)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Stream | str:
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack it with its password"
    if info.compress_type not in {_STORED, _DEFLATED}:
        return f"is packed by method {info.compress_type}; pack it by deflate"
    return Stream(_blocks(archive, info, meter))


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Iterator[bytes]:
    try:
        with archive.open(info) as member:
            while block := member.read(_BLOCK):
                meter.take(len(block))
                yield block
    except (*_ODD, zlib.error) as error:
        raise Broken(f"it is damaged ({error or type(error).__name__})") from error


def _directory_size(file: BinaryIO) -> int:
    """Bytes of the directory by the record at the archive's end (4.3.16; 4.3.14 where it is too large for that)."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    end = file.read()
    file.seek(0)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        return 0
    told = int.from_bytes(end[at + 12 : at + 16], "little")
    if told == 0xFFFFFFFF and (large := end.rfind(b"PK\x06\x06")) >= 0:
        told = int.from_bytes(end[large + 40 : large + 48], "little")
    return min(told, size)


def _salvaged(packed: Stream, meter: Meter) -> Iterator[Member]:
    """Members by the headers before each (4.3.7), as far as these lead."""
    while packed.peek(4) == b"PK\x03\x04":
        head = packed.read(_LOCAL.size)
        if len(head) < _LOCAL.size:
            return
        _, _, flags, method, _, _, _, size, _, name_size, extra = _LOCAL.unpack(head)
        name = packed.read(name_size).decode("utf-8", "replace")
        packed.read(extra)
        whole = not flags & _SIZES_FOLLOW
        if flags & _ENCRYPTED or method not in {_STORED, _DEFLATED} or (method == _STORED and not whole):
            yield _label(name), "is encrypted, or packed in a way that needs the archive's directory"
            return
        member = Stream(_stored(packed, size, meter) if method == _STORED else inflate(packed, meter, -15, "zip"))
        if not name.endswith("/"):
            yield _label(name), member
        while member.read(_BLOCK):
            pass
        if not whole:
            _skip_sizes(packed)


def _stored(packed: Stream, size: int, meter: Meter) -> Iterator[bytes]:
    while size > 0:
        block = packed.read(min(size, _BLOCK))
        if not block:
            raise Broken("the zip data end too early")
        meter.take(len(block))
        size -= len(block)
        yield block


def _skip_sizes(packed: Stream) -> None:
    """The sizes that follow a member whose header did not know them (4.3.9), with or without signature."""
    packed.read(16 if packed.peek(4) == b"PK\x07\x08" else 12)


def _label(name: str) -> str:
    """A name as it can be shown in one line."""
    shown = "".join(c if c.isprintable() else "?" for c in name.encode("utf-8", "replace").decode())
    return f"its member “{shown if len(shown) <= 80 else shown[:40] + '…' + shown[-39:]}”"
