"""settings: the file and the environment, and what is said of a key or value that cannot be."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.errors import SettingsError
from worker.model import Site, Topic
from worker.settings import Settings, keys, load
from worker.settings.sections import usable_cores


def read(tmp_path: Path, toml: str = "", **environment: str) -> Settings:
    path = tmp_path / "seedwire.toml"
    path.write_text(toml, encoding="utf-8")
    return load(path, required=True, environment=environment)


def refused(tmp_path: Path, toml: str = "", **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, toml, **environment)
    line = str(caught.value)
    assert "\n" not in line
    return line


# ── What can be set ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_set_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml", required=False, environment={"HOME": "/"}) == Settings()
    assert read(tmp_path).base_url == "http://127.0.0.1:8470"
    assert read(tmp_path).address == ("127.0.0.1", 8470)


def test_the_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
        [seeds]
        directory = "/dumps"
        every = "5m"
        settle = 0.5
        timezone = "Asia/Almaty"
        [feed]
        title = "Степной курьер"
        size = 20
        base_url = "https://news.example.org/"
        authority = "example.org,2026-02"
        [server]
        listen = "[::1]:80"
        [smtp]
        url = "smtp://mail.example.org"
        from = "Wire <wire@example.org>"
        [digest]
        late = "2d"
        [operator]
        email = "desk@example.org"
        quiet = 3
        """,
    )
    assert (found.seeds.directory, found.seeds.timezone) == ("/dumps", "Asia/Almaty")
    assert (found.seeds.every, found.seeds.settle) == (timedelta(minutes=5), timedelta(seconds=0.5))
    assert (found.feed.title, found.feed.size, found.base_url) == ("Степной курьер", 20, "https://news.example.org")
    assert (found.address, found.smtp.sender) == (("::1", 80), "Wire <wire@example.org>")
    assert found.digest.late == timedelta(days=2)
    assert (found.operator.email, found.operator.quiet) == ("desk@example.org", 3)


def test_as_many_readers_as_the_main_process_leaves_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, readers in ((1, 0), (2, 1), (4, 3), (64, 4)):
        monkeypatch.setattr(import_module("worker.settings.sections"), "usable_cores", lambda cores=cores: cores)
        assert read(tmp_path).readers == read(tmp_path, SEEDWIRE_SEEDS_READERS="auto").readers == readers
    assert read(tmp_path, "[seeds]\nreaders = 7").readers == 7
    assert read(tmp_path, SEEDWIRE_SEEDS_READERS="0").readers == 0
    assert usable_cores() >= 1


def test_the_environment_stands_before_the_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[feed]\nsize = 20\ntitle = "file"\n[smtp]\nurl = "smtp://a"',
        SEEDWIRE_FEED_SIZE="30",
        SEEDWIRE_FEED_BASE_URL="https://x.example",
        SEEDWIRE_SMTP_FROM="wire@example.org",
        SEEDWIRE_SMTP_URL="",
        SEEDWIRE_DIGEST_LATE="90m",
        SEEDWIRE_OPERATOR_QUIET="2.5",
        OTHER_FEED_SIZE="x",
    )
    assert (found.feed.size, found.feed.title, found.base_url) == (30, "file", "https://x.example")
    assert (found.smtp.sender, found.smtp.url, found.digest.late) == ("wire@example.org", "", timedelta(minutes=90))
    assert found.operator.quiet == 2.5


def test_every_key_can_be_set_both_ways(tmp_path: Path) -> None:
    """Each key takes its own default, from the file and from the environment."""
    for key, default in keys().items():
        section, _, name = key.partition(".")
        text = f"{default.total_seconds()}s" if isinstance(default, timedelta) else str(default)
        text = ", ".join(default) if isinstance(default, tuple) else text
        quoted = text if isinstance(default, int | float) else f'"{text}"'
        assert read(tmp_path, f"[{section}]\n{name} = {quoted}") == Settings()
        assert read(tmp_path, **{f"SEEDWIRE_{section}_{name}".upper(): text}) == Settings()


@pytest.mark.parametrize(
    ("text", "seconds"), [("2", 2), ("1500ms", 1.5), ("2 s", 2), ("1.5m", 90), ("1h", 3600), ("1d", 86400)]
)
def test_durations(tmp_path: Path, text: str, seconds: float) -> None:
    assert read(tmp_path, f'[seeds]\nevery = "{text}"').seeds.every == timedelta(seconds=seconds)
    assert read(tmp_path, SEEDWIRE_SEEDS_EVERY=text).seeds.every == timedelta(seconds=seconds)


_SITE = '[[sites]]\nname = "aksary"\nmatch = "https://aksary.example/*"\n'


def test_site_profiles(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        _SITE
        + """
        drop = ["Subscribe*", "[[]ad[]]"]
        keep = ["*goat*"]
        date_format = "%d %B %Y"
        timezone = "Asia/Almaty"
        [[sites]]
        name = "other"
        match = "other/*"
        """,
    )
    assert found.site_profiles == (
        Site(
            name="aksary",
            match="https://aksary.example/*",
            drop=("Subscribe*", "[[]ad[]]"),
            keep=("*goat*",),
            date_format="%d %B %Y",
            timezone="Asia/Almaty",
        ),
        Site(name="other", match="other/*"),
    )


_TOPIC = '[[topics]]\nname = "Roads & Ferries"\nquery = "roads OR ferr*"\n'


def test_topics(tmp_path: Path) -> None:
    found = read(tmp_path, _TOPIC + "[[topics]]\nname = 'Вода'\nquery = 'title: вода NOT source: \"Lake Post\"'")
    assert found.topic_searches == (
        Topic(name="Roads & Ferries", slug="roads-ferries", query="roads OR ferr*"),
        Topic(name="Вода", slug="вода", query='title: вода NOT source: "Lake Post"'),
    )


def test_a_thousand_topics(tmp_path: Path) -> None:
    toml = "".join(f"[[topics]]\nname = 't{number}'\nquery = 'a AND word{number}'\n" for number in range(1000))
    assert len(read(tmp_path, toml).topic_searches) == 1000


# ── What cannot ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[seeds]\ndirectroy = 'x'", ["[seeds] directroy", "directory", "timezone"]),
        ("[feeds]\nsize = 5", ["feeds", "[feed]", "[seeds]"]),
        ("size = 5", ["size", "[feed]"]),
        ("seeds = 5", ["seeds", "5"]),
        ("[feed]\nsize = 'many'", ["[feed] size", "'many'"]),
        ("[feed]\nsize = 5.5", ["[feed] size", "5.5"]),
        ("[feed]\nsize = true", ["[feed] size", "True"]),
        ("[feed]\nsize = 0", ["[feed] size", "0", "5000"]),
        ("[feed]\ntitle = 7", ["[feed] title", "7"]),
        ("[feed]\ntitle = ['a']", ["[feed] title", "a"]),
        ("[feed]\nbase_url = 'https://news.example.org/wire'", ["[feed] base_url", "without a path", "root of a host"]),
        ("[feed]\nbase_url = 'https://news.example.org?a'", ["[feed] base_url", "without a path"]),
        ("[feed]\nbase_url = 'news.example.org'", ["[feed] base_url", "'news.example.org'", "https://"]),
        ("[seeds]\nreaders = 65", ["[seeds] readers", "65", "auto"]),
        ("[seeds]\nreaders = -1", ["[seeds] readers", "-1"]),
        ("[seeds]\nreaders = 'all'", ["[seeds] readers", "'all'"]),
        ("[seeds]\nreaders = true", ["[seeds] readers", "True"]),
        ("[feed]\nauthority = 'example.org'", ["[feed] authority", "'example.org'", "example.org,2026"]),
        ("[seeds]\nevery = 'often'", ["[seeds] every", "'often'", '"10m"']),
        ("[seeds]\nevery = '-5s'", ["[seeds] every", "-5s"]),
        ("[seeds]\nevery = 0", ["[seeds] every", "0"]),
        ("[seeds]\nevery = true", ["[seeds] every", "True"]),
        ("[seeds]\nevery = '99999999999999d'", ["[seeds] every", "99999999999999d"]),
        ("[seeds]\ntimezone = 'Mars/Base'", ["[seeds] timezone", "'Mars/Base'", "Asia/Almaty"]),
        ("[seeds]\ntimezone = '../../etc/passwd'", ["[seeds] timezone", "IANA"]),
        ("[server]\nlisten = '8470'", ["[server] listen", "'8470'", "127.0.0.1:8470"]),
        ("[server]\nlisten = 'localhost:70000'", ["[server] listen", "70000"]),
        ("[smtp]\nfrom = 'nobody'", ["[smtp] from", "'nobody'"]),
        ("sites = 5", ["[[sites]]"]),
        ("[sites]\nname = 'a'", ["[[sites]]"]),
        ("sites = ['a']", ["[[sites]] number 1", "name, match, drop"]),
        ("[[sites]]\nname = 'a'", ["[[sites]] number 1", "match"]),
        (_SITE + "drop = 'Menu'", ["[[sites]] number 1 drop", "array"]),
        (_SITE + "drop = ['Menu', 5]", ["[[sites]] number 1 drop", "int"]),
        (_SITE + "drop = ['*']", ["[[sites]] 'aksary' drop", "['*']", "every line"]),
        (_SITE + "dorp = ['Menu']", ["[[sites]] number 1", "`dorp`", "drop"]),
        (_SITE + "date_format = '%d.%m'", ["[[sites]] 'aksary' date_format", "'%d.%m'", "%Y"]),
        (_SITE + "date_format = '%d.%m.%Q'", ["[[sites]] 'aksary' date_format", "%Q", "%Y"]),
        (_SITE + "timezone = 'Mars/Base'", ["[[sites]] 'aksary' timezone", "'Mars/Base'", "Asia/Almaty"]),
        (_SITE + _SITE, ["[[sites]] 'aksary'", "name"]),
        ("[[sites]]\nname = 'a'\nmatch = ''", ["[[sites]] 'a' match", "''"]),
        ("[[sites]]\nname = ' '\nmatch = 'a'", ["[[sites]] number 1 name"]),
        ("[[site]]\nname = 'a'", ["site", "[[sites]]"]),
        ("topics = 5", ["[[topics]]"]),
        ("[topics]\nname = 'a'\nquery = 'b'", ["[[topics]]"]),
        ("topics = ['a']", ["[[topics]] number 1", "name, query"]),
        ("[[topics]]\nname = 'a'", ["[[topics]] number 1", "query"]),
        ("[[topics]]\nquery = 'a'", ["[[topics]] number 1", "name"]),
        ("[[topics]]\nname = 5\nquery = 'a'", ["[[topics]] number 1 name", "str"]),
        (_TOPIC + "qeury = 'a'", ["[[topics]] number 1", "`qeury`", "name, query"]),
        (_TOPIC + "[[topics]]\nname = ''\nquery = 'a'", ["[[topics]] number 2 name = ''", "letters"]),
        ("[[topics]]\nname = ' &!'\nquery = 'a'", ["[[topics]] number 1 name = ' &!'", "letters"]),
        ("[[topics]]\nname = \"a\\nb\"\nquery = 'a'", ["[[topics]] number 1 name", r"'a\nb'", "line"]),
        (f"[[topics]]\nname = '{'Ж' * 101}'\nquery = 'a'", ["[[topics]] number 1 name", "short"]),
        (
            _TOPIC + "[[topics]]\nname = 'roads: FERRIES!'\nquery = 'a'",
            ["[[topics]] 'roads: FERRIES!' name", "/topics/roads-ferries/", "'Roads & Ferries'", "its own"],
        ),
        ("[[topics]]\nname = 'a'\nquery = ''", ["[[topics]] 'a' query = ''", "no word", "FTS5", "prefix*"]),
        ("[[topics]]\nname = 'a'\nquery = 'b AND'", ["[[topics]] 'a' query = 'b AND'", "ends too early", "NEAR"]),
        ("[[topics]]\nname = 'a'\nquery = 'foo: bar'", ["[[topics]] 'a' query = 'foo: bar'", "column: foo", "title:"]),
        ("[[topics]]\nname = 'a'\nquery = '*id'", ["[[topics]] 'a' query = '*id'", "begins"]),
        ('[[topics]]\nname = \'a\'\nquery = """b\n("""', ["[[topics]] 'a' query", r"'b\n('"]),
        ("[operator]\nemail = 'desk'", ["[operator] email", "'desk'", "desk@example.org"]),
        ("[operator]\nemail = 'Desk <desk@example.org>'", ["[operator] email", "Desk"]),
        ("[operator]\nquiet = 0.5", ["[operator] quiet", "0.5", "1 to 1000", "0 for"]),
        ("[operator]\nquiet = -1", ["[operator] quiet", "-1"]),
        ("[operator]\nquiet = nan", ["[operator] quiet", "nan"]),
        ("[operator]\nquiet = inf", ["[operator] quiet", "inf"]),
        ("[operator]\nquiet = 'never'", ["[operator] quiet", "'never'"]),
        ("[operator]\nquiet = true", ["[operator] quiet", "True"]),
        ("[feed\nsize = 1", ["TOML", "line 1"]),
        ("\x00", ["TOML"]),
    ],
)
def test_a_wrong_file_is_named_with_key_value_and_cure(tmp_path: Path, toml: str, words: list[str]) -> None:
    line = refused(tmp_path, toml)
    assert [word for word in words if word not in line] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SEEDWIRE_SEEDS_DIRECTROY", "x", ["directroy", "directory"]),
        ("SEEDWIRE_FEEDS_SIZE", "5", ["SEEDWIRE_FEEDS_SIZE", "[feed]"]),
        ("SEEDWIRE_SEEDS", "x", ["SEEDWIRE_SEEDS", "directory"]),
        ("SEEDWIRE_FEED_SIZE", "many", ["[feed] size", "many"]),
        ("SEEDWIRE_FEED_SIZE", "²", ["[feed] size", "²"]),
        ("SEEDWIRE_FEED_SIZE", "-1", ["[feed] size", "-1"]),
        ("SEEDWIRE_FEED_SIZE", "", ["[feed] size"]),
        ("SEEDWIRE_SITES_DROP", "Menu", ["SEEDWIRE_SITES_DROP", "[[sites]]", "file"]),
        ("SEEDWIRE_SITES", "Menu", ["SEEDWIRE_SITES", "[[sites]]"]),
        ("SEEDWIRE_TOPICS_NAME", "Roads", ["SEEDWIRE_TOPICS_NAME", "[[topics]]", "file"]),
        ("SEEDWIRE_SEEDS_EVERY", "", ["[seeds] every"]),
        ("SEEDWIRE_OPERATOR_QUIET", "off", ["[operator] quiet", "off", "2.5"]),
        ("SEEDWIRE_SERVER_LISTEN", "", ["[server] listen"]),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str, words: list[str]) -> None:
    line = refused(tmp_path, **{name: value})
    assert [word for word in words if word not in line] == []


def test_a_variable_over_a_broken_section(tmp_path: Path) -> None:
    assert "seeds" in refused(tmp_path, "seeds = 5", SEEDWIRE_SEEDS_DIRECTORY="x")


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError, match=str(path)):
            load(path, required=True, environment={})
    (tmp_path / "latin.toml").write_bytes(b"[feed]\ntitle = '\xe9'")
    with pytest.raises(SettingsError, match="TOML"):
        load(tmp_path / "latin.toml", required=True, environment={})


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(keys())),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])) | st.from_regex(r"[\d.]+ ?\w?"),
)
def test_any_value_is_taken_or_refused_in_one_line(key: str, value: str) -> None:
    section, _, name = key.partition(".")
    try:
        load(Path("none.toml"), required=False, environment={f"SEEDWIRE_{section}_{name}".upper(): value})
    except SettingsError as error:
        assert name in str(error)


def test_the_table_of_keys_is_that_of_the_settings() -> None:
    assert {"seeds.directory", "feed.base_url", "smtp.from", "digest.late", "server.listen"} <= set(keys())
    example = Path(__file__).parents[1] / "seedwire.example.toml"
    if example.exists():
        assert load(example, required=True, environment={}) is not None
        tomllib.loads(example.read_text(encoding="utf-8"))


def test_the_examples_of_site_profiles_are_right(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    example = (root / "seedwire.example.toml").read_text(encoding="utf-8").partition("# [[sites]]")
    lines = [line.removeprefix("# ") for line in "".join(example[1:]).splitlines()]
    toml = "\n".join(line for line in lines if "[[" in line or " = " in line)
    readme = (root / "README.md").read_text(encoding="utf-8").partition("[[sites]]")
    told = readme[1] + readme[2].partition("```")[0]
    profiles = [read(tmp_path, toml).site_profiles for toml in (toml, told)]
    assert [site.name for site in profiles[0]] == ["aksary"]
    assert profiles[0] == profiles[1]


def test_the_examples_of_topics_are_right(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    example = (root / "seedwire.example.toml").read_text(encoding="utf-8").partition("# [[topics]]")
    lines = [line.removeprefix("# ") for line in "".join(example[1:]).splitlines()]
    toml = "\n".join(line for line in lines if "[[" in line or " = " in line)
    told = (root / "README.md").read_text(encoding="utf-8").partition("```toml\n[[topics]]")
    topics = [read(tmp_path, one).topic_searches for one in (toml, "[[topics]]" + told[2].partition("```")[0])]
    assert [topic.slug for topic in topics[0]] == ["roads-and-ferries"]
    assert topics[0] == topics[1][:1]
