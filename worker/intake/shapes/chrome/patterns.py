"""What a regular expression tells of the lines that it can match, so that few are tried on a line.

Understands what `chrome.txt` is written in: literals, classes, groups `(?:…|…)`, repetition. Whatever else a
pattern holds counts as telling nothing, which is always right and merely slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

ANY = ""  #: stands for every beginning
DIGIT = r"\d"  #: stands for every digit as a beginning
SIGN = r"\W"  #: stands for all that is neither letter nor digit as a beginning
LONGEST_START = 3  #: characters of a beginning; more would not tell more lines apart

_SPECIAL = frozenset(".^$|()[]{}*+?\\")
_ENDS = {"(": ")", "[": "]"}


class _Atom(NamedTuple):
    """A literal, an escape, a class or a group, and how often it may come: empty, or a quantifier."""

    text: str
    times: str

    @property
    def optional(self) -> bool:
        return self.times.startswith(("?", "*", "{0"))

    @property
    def literal(self) -> str:
        """The character that it stands for; empty where it stands for several, or for white space."""
        if len(self.text) == 2 and self.text[0] == "\\" and not self.text[1].isalnum():
            return self.text[1]
        return self.text if len(self.text) == 1 and self.text not in _SPECIAL and not self.text.isspace() else ""

    @property
    def inner(self) -> str:
        """The inside of a plain group."""
        return self.text[3:-1] if self.text.startswith("(?:") else ""


def starts(pattern: str) -> set[str]:
    """What a match begins with, in small letters: up to three characters, or `DIGIT`, `SIGN`, `ANY`."""
    found = {start for branch in _branches(pattern) for start in _starts(branch)}
    return {ANY} if ANY in found else found


def needs(pattern: str) -> tuple[str, ...]:
    """Words of which a match holds one at least, in small letters; nothing where the pattern tells none."""
    found: list[str] = []
    for branch in _branches(pattern):
        if not (one := _needs(branch)):
            return ()
        found += one
    return tuple(dict.fromkeys(found))


def _starts(atoms: list[_Atom]) -> set[str]:
    begun = ""
    for at, atom in enumerate(atoms):
        if atom.literal and not atom.times:
            begun += atom.literal.lower()
            if len(begun) == LONGEST_START:
                break
            continue
        if begun:
            break
        if atom.text == r"\b":
            continue
        first = _first(atom)
        return first | _starts(atoms[at + 1 :]) if atom.optional else first
    return {begun or ANY}


def _first(atom: _Atom) -> set[str]:
    """What an atom begins with that is no plain literal."""
    if atom.literal:
        return {atom.literal.lower()}
    if atom.text == r"\d":
        return {DIGIT}
    if atom.text in {r"[^\w\s]", r"[\W_]"}:
        return {SIGN}
    if atom.inner:
        return starts(atom.inner)
    return set(_members(atom)) or {ANY}


def _members(atom: _Atom) -> list[str]:
    """The characters of a class that does nothing but list some."""
    if not atom.text.startswith("[") or atom.text.startswith("[^"):
        return []
    members = re.findall(r"\\?.", atom.text[1:-1])
    telling = "-" not in members[1:-1] and not any(member[0] == "\\" and member[1].isalnum() for member in members)
    return [member[-1].lower() for member in members] if telling else []


def _needs(atoms: list[_Atom]) -> list[str]:
    """The longest word that each match holds; else one of a few characters or words."""
    words, several = [""], []
    for atom in atoms:
        if atom.literal and not atom.times:
            words[-1] += atom.literal.lower()
            continue
        words.append("")
        if atom.optional:
            continue
        if atom.literal:
            words.append(atom.literal.lower())
            words.append("")
        elif one := _members(atom) or list(needs(atom.inner) if atom.inner else ()):
            several.append(one)
    longest = max(words, key=len)
    return [longest] if longest else min(several, key=len, default=[])


def _branches(pattern: str) -> list[list[_Atom]]:
    """The atoms of each alternative."""
    branches: list[list[_Atom]] = [[]]
    for atom in _atoms(pattern):
        if atom.text == "|":
            branches.append([])
        else:
            branches[-1].append(atom)
    return branches


def _atoms(pattern: str) -> list[_Atom]:
    return list(_scan(pattern))


def _scan(pattern: str) -> Iterator[_Atom]:
    at = 0
    while at < len(pattern):
        end = _end(pattern, at)
        text, at = pattern[at:end], end
        if text != "|" and pattern[at : at + 1] in {"?", "*", "+", "{"}:
            end = pattern.index("}", at) + 1 if pattern[at] == "{" else at + 1
            end += pattern[end : end + 1] == "?"
            yield _Atom(text, pattern[at:end])
            at = end
        else:
            yield _Atom(text, "")


def _end(pattern: str, at: int) -> int:
    """Where the atom that begins here ends."""
    first = pattern[at]
    if first == "\\":
        return at + 2
    if first not in _ENDS:
        return at + 1
    depth, near = 0, at
    within = ""  # of a class, in which brackets mean themselves
    while near < len(pattern):
        char = pattern[near]
        if char == "\\":
            near += 1
        elif within:
            within = "" if char == "]" else within
        elif char == "[":
            within = char
        else:
            depth += (char == "(") - (char == ")")
        near += 1
        if not depth and not within:
            return near
    return near
