"""Jinja2 templates: the shipped ones, and an operator's own before them, file by file.

Everything is compiled at load, so that a template that cannot work is found before anybody waits for a mail.
Same data, same text: nothing that a template can reach reads a clock or chance.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import jinja2
import nh3
from jinja2 import Environment, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from worker.errors import TemplateError
from worker.model import Entry, Precision, StatedDate

_NEEDED = (
    *("digest/subject.txt", "digest/text.txt", "digest/html.html"),
    *("notice/subject.txt", "notice/text.txt"),
    *("web/front.html", "web/channel.html", "web/topics.html", "web/sources.html", "web/archive.html"),
    *("web/month.html", "web/entry.html", "web/lost.html", "web/gone.html", "web/error.html"),
    *("web/search.html", "web/status.html"),
)
_SUFFIXES = (".txt", ".html", ".xml")
#: Not strftime, which speaks the language of the process.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# ── Filters ─────────────────────────────────────────────────────────────────────────────────────────


def _day(stated: StatedDate | None) -> str:
    """A date as its page states it: "7 November 2026, 09:40 (UTC+05:00)"; what is not stated is not there."""
    if stated is None:
        return ""
    if stated.precision is Precision.DAY:
        return _date(stated.wall)
    return _moment(stated.wall) + ("" if stated.offset is None else f" ({_offset(stated.offset)})")


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}" if minutes else "UTC"


def _date(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _brief(moment: datetime) -> str:
    """A date that stands in a column: "24 Nov 2026"."""
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment.year}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"


def _moment(moment: datetime) -> str:
    return f"{_date(moment)}, {_clock(moment)}"


def duration(length: timedelta) -> str:
    """A length of time as one says it: "9 days", "1.5 days", "20 hours", "45 minutes"."""
    seconds = length.total_seconds()
    unit, size = next((name, size) for name, size in _UNITS if seconds >= 0.96 * size or size == 1)
    number = seconds / size
    told = f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return f"{told} {unit}" + ("" if told == "1" else "s")


def _every(length: timedelta) -> str:
    """How often something comes: "every 1.5 days", "every day"."""
    return "every " + duration(length).removeprefix("1 ")


def _weekday(number: int) -> str:
    return _WEEKDAYS[number]


def shorten(text: str, length: int) -> str:
    """One line of at most `length` characters, cut where a word ends."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[:length]  # the last character makes room for the ellipsis
    border = cut.rfind(" ")
    cut = cut[:border] if border > length // 2 else cut[:-1]  # Chinese has no spaces
    return cut.rstrip(" ,;:–—-.") + "…"


def _lead(entry: Entry, length: int = 280) -> str:
    """How an entry's text begins, without a first sentence or line that is its title over again."""
    text, title = entry.text.strip(), entry.title.strip()
    if title and not title.endswith("…"):
        words = r"\s+".join(re.escape(word) for word in title.rstrip(".!?").split())
        text = re.sub(rf"\A{words}(?:[.!?…]+(?=\s|\Z)|[ \t]*(?:\n|\Z))", "", text)
    return shorten(text, length)


def _wrap(text: str, width: int = 72, indent: int = 0) -> str:
    """Lines of at most `width` characters, the indent included; what has no spaces (a link) is not cut."""
    space = " " * indent
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _paragraphs(text: str | Iterable[str]) -> Markup:
    """Text with a newline between its paragraphs, or these, as HTML; a sanitizer has the last word."""
    lines = text.split("\n") if isinstance(text, str) else text
    made = "\n".join(f'<p dir="auto">{escape(part)}</p>' for line in lines if (part := line.strip()))
    return Markup(nh3.clean(made, tags={"p"}, attributes={"p": {"dir"}}))


def _daily(moment: datetime) -> str:
    """A day as a heading has it: "Tuesday, 24 November 2026"."""
    return f"{_WEEKDAYS[moment.weekday()]}, {_date(moment)}"


def _month(moment: datetime) -> str:
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def _iso(moment: datetime) -> str:
    """For the attribute `datetime`."""
    return moment.isoformat(timespec="minutes")


_FILTERS = {
    "brief": _brief,
    "clock": _clock,
    "daily": _daily,
    "date": _date,
    "day": _day,
    "duration": duration,
    "every": _every,
    "iso": _iso,
    "lead": _lead,
    "moment": _moment,
    "month": _month,
    "paragraphs": _paragraphs,
    "shorten": shorten,
    "weekday": _weekday,
    "wrap": _wrap,
}

# ── Loading and rendering ───────────────────────────────────────────────────────────────────────────


def load(directory: Path | None) -> Environment:
    """The environment of all templates; those in `directory` stand before the shipped ones of the same name.

    Templates of names ending in .html and .xml escape what they print. Raises TemplateError, naming file and
    line, where the directory or a template is missing or a template cannot be compiled.
    """
    if directory is not None and not directory.is_dir():
        raise TemplateError(f"template directory {directory} does not exist: create it, or remove the setting")
    folders = [_shipped()] if directory is None else [directory, _shipped()]
    environment = _environment(folders)
    names = {name for name in environment.list_templates() if name.endswith(_SUFFIXES)}
    for name in sorted({*names, *_NEEDED}):
        _compile(environment, name, known=names)
    return environment


def render(environment: Environment, name: str, **data: object) -> str:
    """The text of a template. Raises TemplateError, naming file and line, whatever goes wrong within it."""
    try:
        return environment.get_template(name).render(data)
    except Exception as error:  # an operator's template may do anything, from undefined names to 1/0
        raise TemplateError(f"template {_place(environment, name, error)}: {_reason(error)}; correct it") from error


def asset(environment: Environment, name: str) -> bytes:
    """A file beside the templates that is served as it is, such as a style sheet. Raises TemplateError."""
    for folder in _loader(environment).searchpath:
        path = Path(folder) / name
        try:
            return path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise TemplateError(f"{path} cannot be read ({error.strerror}): check its permissions") from error
    raise TemplateError(f"{name} is missing: reinstall seedwire, or write it")


def _shipped() -> Path:
    """Inside an installed wheel the templates lie in the package; in a checkout, beside it."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def _environment(folders: list[Path]) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name is None or name.endswith((".html", ".xml")),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # an edit half saved must not reach a reader
    )
    del environment.globals["lipsum"], environment.filters["random"]  # both roll dice
    environment.filters.update(_FILTERS)
    return environment


def _loader(environment: Environment) -> jinja2.FileSystemLoader:
    assert isinstance(environment.loader, jinja2.FileSystemLoader)
    return environment.loader


def _compile(environment: Environment, name: str, *, known: set[str]) -> None:
    """Fails for syntax, for encoding, and for a template that this one wants and nobody has."""
    try:
        environment.get_template(name)
        source, path, _ = _loader(environment).get_source(environment, name)
    except jinja2.TemplateNotFound as error:
        raise TemplateError(f"template {name} is missing: reinstall seedwire, or write it") from error
    except jinja2.TemplateSyntaxError as error:
        place = f"{error.filename or error.name}, line {error.lineno}"
        raise TemplateError(f"template {place}: {_reason(error)}; correct it") from error
    except (UnicodeDecodeError, OSError) as error:
        raise TemplateError(f"template {name} cannot be read: {_reason(error)}; save it as UTF-8") from error
    for line, other in _wanted(environment.parse(source)):
        if other not in known:
            raise TemplateError(f"template {path}, line {line}: there is no template {other}; write it")


def _wanted(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """The templates that one cannot do without, where their names stand in it, with their lines."""
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        assert isinstance(node, nodes.Include | nodes.Extends | nodes.Import | nodes.FromImport)
        optional = isinstance(node, nodes.Include) and node.ignore_missing
        if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str) and not optional:
            yield node.lineno, node.template.value


def _place(environment: Environment, name: str, error: Exception) -> str:
    """The innermost template line that the error passed through; Jinja2 puts them into the traceback."""
    folders = tuple(_loader(environment).searchpath)
    place, step = name, error.__traceback__
    while step is not None:
        if (path := step.tb_frame.f_code.co_filename).startswith(folders):
            place = f"{path}, line {step.tb_lineno}"
        step = step.tb_next
    return place


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
