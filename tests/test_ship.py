"""What ships beside the program names only what exists: paths, commands, options, settings, routes."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import command_lines
import yaml

from worker import settings, templating
from worker.model import JobRun, Press
from worker.outlet.deliver import route_for
from worker.store.database import open_database
from worker.web.app import Site, create_app
from worker.web.server import HttpServer, bind

_ROOT = Path(__file__).parent.parent
_COMPOSE = _ROOT / "docker-compose.yml"
_UNIT = _ROOT / "deploy" / "seedwire.service"
_EXAMPLE = _ROOT / "seedwire.example.toml"

# ── The Dockerfile ──────────────────────────────────────────────────────────────────────────────────


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), comments gone and continued lines joined."""
    text = "\n".join(row for row in (_ROOT / "Dockerfile").read_text().splitlines() if not row.startswith("#"))
    rows = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(name.upper(), arguments.strip()) for name, _, arguments in (row.partition(" ") for row in rows if row)]


def final_stage() -> list[tuple[str, str]]:
    found = instructions()
    last = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]


def only(name: str) -> str:
    """The arguments of the one instruction of that name in the stage that is shipped."""
    found = [arguments for kind, arguments in final_stage() if kind == name]
    assert len(found) == 1, f"{name} stands {len(found)} times"
    return found[0]


def image_environment() -> dict[str, str]:
    return {
        name: value for word in shlex.split(only("ENV").replace("$", r"\$")) for name, _, value in [word.partition("=")]
    }


def is_copied(path: str) -> bool:
    """Whether .dockerignore lets a path through; the last rule that fits decides."""
    kept = True
    for rule in (_ROOT / ".dockerignore").read_text().splitlines():
        if rule and not rule.startswith("#") and fnmatch.fnmatch(path, rule.removeprefix("!")):
            kept = rule.startswith("!")
    return kept


def test_dockerfile_knows_only_instructions_that_exist() -> None:
    known = ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"]
    assert {name for name, _ in instructions()} <= set(known)


def test_dockerfile_copies_what_exists_and_is_not_ignored() -> None:
    sources = [
        source
        for name, arguments in instructions()
        if name == "COPY" and not arguments.startswith("--from")
        for source in arguments.split()[:-1]
    ]
    assert {"worker", "templates", "pyproject.toml"} <= set(sources)
    for source in sources:
        assert (_ROOT / source).exists(), source
        assert is_copied(source), f".dockerignore keeps {source} out"


def test_dockerfile_installs_everything_with_hashes() -> None:
    runs = " && ".join(arguments for name, arguments in instructions() if name == "RUN")
    installs = [step for step in runs.split("&&") if "pip install" in step]
    fetched = [step for step in runs.split("&&") if "pip wheel" in step and ".lock" in step]
    assert installs and fetched
    for step in installs + fetched:
        assert "--no-deps" in step
        assert "--require-hashes" in step or "--no-index" in step, step


def test_dockerfile_copies_from_a_stage_that_exists() -> None:
    stages = [
        arguments.split(" AS ")[1] for name, arguments in instructions() if name == "FROM" and " AS " in arguments
    ]
    wanted = [arguments.split()[0] for name, arguments in instructions() if arguments.startswith("--from=")]
    assert wanted == [f"--from={stage}" for stage in stages]


def test_image_does_not_run_as_root() -> None:
    user = only("USER").partition(":")[0]
    assert user.isdigit(), "a number, so that Kubernetes can check it"
    assert int(user) >= 1000
    assert f"--uid {user} " in " ".join(arguments for name, arguments in final_stage() if name == "RUN")
    order = [name for name, _ in final_stage()]
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_image_runs_a_real_command() -> None:
    line = [*json.loads(only("ENTRYPOINT")), *json.loads(only("CMD"))]
    assert line[0] == "seedwire"
    assert command_lines.called(line[1:]) == ("run",)


def test_image_serves_to_the_outside_what_it_exposes() -> None:
    loaded = settings.load(Path("none.toml"), required=False, environment=image_environment())
    host, port = loaded.address
    assert host == "0.0.0.0"
    assert only("EXPOSE") == str(port)


def test_image_keeps_pages_and_state_in_its_volumes() -> None:
    volumes = json.loads(only("VOLUME"))
    loaded = settings.load(Path("none.toml"), required=False, environment=image_environment())
    assert set(volumes) == {loaded.seeds.directory, str(Path(only("WORKDIR")) / "state")}
    made = next(arguments for name, arguments in final_stage() if name == "RUN")
    for volume in volumes:
        assert re.search(rf"install -d -o seedwire .*{volume}\b", made), f"{volume} would belong to root"


def test_image_asks_a_real_route_for_its_health(tmp_path: Path) -> None:
    command = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]
    assert_tells_health(command[2], tmp_path)


# ── docker compose ──────────────────────────────────────────────────────────────────────────────────


def compose() -> Any:
    return yaml.safe_load(_COMPOSE.read_text(encoding="utf-8"))


def mounts(service: str) -> list[tuple[str, str]]:
    """(source, target) of each volume of a service."""
    found = compose()["services"][service]["volumes"]
    return [(one["source"], one["target"]) if isinstance(one, dict) else tuple(one.split(":")[:2]) for one in found]


def test_compose_builds_from_here_and_catches_the_mail() -> None:
    services = compose()["services"]
    assert set(services) == {"worker", "mailpit"}
    assert (_COMPOSE.parent / services["worker"]["build"] / "Dockerfile").is_file()
    assert re.fullmatch(r"axllent/mailpit:v\d+\.\d+\.\d+", services["mailpit"]["image"])
    assert set(services["worker"]["depends_on"]) <= set(services)


def test_compose_mounts_what_exists_where_the_image_looks() -> None:
    named = set(compose()["volumes"])
    used = set()
    for service in compose()["services"]:
        for source, target in mounts(service):
            assert target.startswith("/")
            if source in named:
                used.add(source)
            else:
                default = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", source)
                assert (_ROOT / default).is_dir(), f"{default} is not in the repository"
    assert used == named
    assert {target for _, target in mounts("worker")} == set(json.loads(only("VOLUME")))


def test_compose_never_writes_to_the_pages() -> None:
    seeds = next(one for one in compose()["services"]["worker"]["volumes"] if isinstance(one, dict))
    assert seeds["target"] == "/seeds"
    assert seeds["read_only"] is True
    assert seeds["source"] == "${SEEDS:-./examples/pages}"
    assert any(path.is_file() for path in (_ROOT / "examples" / "pages").iterdir())


def test_compose_opens_ports_on_loopback_only() -> None:
    for name, service in compose()["services"].items():
        for port in service["ports"]:
            host, outside, inside = port.split(":")
            assert host == "127.0.0.1", name
            assert outside.isdigit()
            if name == "worker":
                assert inside == only("EXPOSE")


def test_compose_sets_real_settings_to_good_values(tmp_path: Path) -> None:
    environment = image_environment() | compose()["services"]["worker"]["environment"]
    loaded = settings.load(Path("none.toml"), required=False, environment=environment)
    server = urlsplit(loaded.smtp.url)
    assert server.hostname in compose()["services"]
    route_for(loaded.smtp.url, tmp_path).close()


def test_compose_runs_a_real_command() -> None:
    assert command_lines.called(compose()["services"]["worker"]["command"]) == ("run",)
    for called in re.findall(r"docker compose exec worker seedwire (.+)", _COMPOSE.read_text(encoding="utf-8")):
        assert command_lines.called(called.split()) in set(command_lines.leaves())


def test_compose_comes_back_and_is_watched(tmp_path: Path) -> None:
    for service in compose()["services"].values():
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"
    command = compose()["services"]["worker"]["healthcheck"]["test"]
    assert command[1:3] == ["python", "-c"]
    assert_tells_health(command[3], tmp_path)


# ── Health ──────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def served(folder: Path, error: str | None) -> Iterator[int]:
    """The site as the daemon serves it after a scan that ended so; its port."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    app = create_app(
        Site(
            press=Press(title="", base_url="http://127.0.0.1", authority="example.org,2026", zone=UTC, since=now),
            templates=templating.load(None),
            style=b"",
            store=lambda: nullcontext(open_database(folder / "seedwire.db")),
            clock=lambda: now,
            runs=lambda: [JobRun(job="scan", started=now, succeeded=None if error else now, error=error)],
            alive=lambda: True,
        )
    )
    with closing(bind("127.0.0.1", 0)) as sock:
        server = HttpServer(app, sock)
        server.start()
        yield int(sock.getsockname()[1])
        server.stop()


def assert_tells_health(program: str, folder: Path) -> None:
    """A health check asks the port that is exposed, and succeeds or fails as the daemon is or is not well."""
    asked = f"http://127.0.0.1:{only('EXPOSE')}/"
    assert program.count("http://") == program.count(asked) == 1
    proxied = os.environ | {"http_proxy": "http://127.0.0.1:9"}  # as a container may be; nobody listens there
    for error, well in ((None, True), ("the seeds directory is gone", False)):
        with served(folder, error) as port:
            here = program.replace(asked, f"http://127.0.0.1:{port}/")
            done = subprocess.run(
                [sys.executable, "-c", here], env=proxied, capture_output=True, text=True, check=False
            )
        assert (done.returncode == 0) is well, done.stderr


def test_nothing_that_ships_reaches_into_the_environment() -> None:
    """The tests above load settings from what they are given; a variable of this shell must not help them."""
    assert not [name for name in os.environ if name.startswith("SEEDWIRE_")], "unset SEEDWIRE_* to run the tests"
