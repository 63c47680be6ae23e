"""SMTP: logging in, and TLS with certificates that are trusted and not."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from mail_servers import MESSAGE, PASSWORD, TIMEOUTS, Dots, Mailbox, follow, route, serving, talking, until

from worker.errors import DeliveryError
from worker.outlet.deliver import SmtpRoute


def allow(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"wire", PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_login(mailbox: Mailbox) -> None:
    options = {"auth_required": True, "auth_require_tls": False, "authenticator": allow}
    with serving(mailbox, **options) as number:
        with route(number, login="wire:p%40ss%2Fword@") as out:
            assert out.send(MESSAGE, before_dot=Dots()).code == 250
        with route(number, login="wire:wr%40ng-one@") as out, pytest.raises(DeliveryError) as caught:
            out.send(MESSAGE, before_dot=Dots())
        with route(number) as out, pytest.raises(DeliveryError, match="530"):
            out.send(MESSAGE, before_dot=Dots())
    message = str(caught.value)
    assert "535" in message
    assert "check user, password and starttls in [smtp] url" in message
    assert "wr@ng-one" not in message
    assert len(mailbox.taken) == 1


def test_an_echoed_password_is_not_told() -> None:
    def echo(connection: socket.socket) -> None:
        follow(connection, b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 not with p@ss/word\r\n")

    login = "wire:p%40ss%2Fword@"
    with talking(echo) as number, route(number, login=login) as out, pytest.raises(DeliveryError) as caught:
        out.send(MESSAGE, before_dot=Dots())
    assert "535 not with …" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_password_does_not_leave_in_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        follow(connection, b"250-hello\r\n250 AUTH PLAIN\r\n")
        seen.append(until(connection, b"\r\n"))

    def resolve(*_: object, **__: object) -> object:  # a name that is not plainly this machine
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", number))]

    with talking(listen) as number:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        url = f"smtp://wire:secret@mail.example.org:{number}"
        with SmtpRoute(url, timeouts=TIMEOUTS) as out, pytest.raises(DeliveryError, match="no STARTTLS"):
            out.send(MESSAGE, before_dot=Dots())
    assert seen == [b""]


def test_required_starttls_that_is_not_offered(mailbox: Mailbox, port: int) -> None:
    with (
        route(port, "?starttls=required") as out,
        pytest.raises(DeliveryError, match="no STARTTLS is offered"),
    ):
        out.send(MESSAGE, before_dot=Dots())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed but itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is not installed; it makes the certificate of the test server")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    key = path.with_suffix(".key")
    arguments = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    command = ["openssl", *arguments.split(), "-keyout", str(key), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_starttls_with_a_certificate_that_cannot_be_verified(mailbox: Mailbox, certificate: Path) -> None:
    dots = Dots()
    with serving(mailbox, tls_context=server_context(certificate)) as number:
        with route(number) as out, pytest.raises(DeliveryError, match="certificate that cannot be verified"):
            out.send(MESSAGE, before_dot=dots)
        assert not mailbox.taken
        with route(number, "?starttls=never") as out:
            assert out.send(MESSAGE, before_dot=dots).code == 250
    assert dots.count == 1


def test_starttls_with_a_certificate_that_is_trusted(mailbox: Mailbox, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with serving(mailbox, tls_context=server_context(certificate), require_starttls=True) as number:
        url = f"smtp://127.0.0.1:{number}?starttls=required"
        with SmtpRoute(url, timeouts=TIMEOUTS, context=trust) as out:
            assert out.send(MESSAGE, before_dot=Dots()).code == 250
    assert len(mailbox.taken) == 1


def test_tls_from_the_start(mailbox: Mailbox, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with serving(mailbox, ssl_context=server_context(certificate)) as number:
        with SmtpRoute(f"smtps://127.0.0.1:{number}", timeouts=TIMEOUTS, context=trust) as out:
            assert out.send(MESSAGE, before_dot=Dots()).code == 250
        with (
            SmtpRoute(f"smtps://127.0.0.1:{number}", timeouts=TIMEOUTS) as out,
            pytest.raises(DeliveryError, match="certificate that cannot be verified"),
        ):
            out.send(MESSAGE, before_dot=Dots())


def test_tls_where_there_is_none(port: int) -> None:
    out = SmtpRoute(f"smtps://127.0.0.1:{port}", timeouts=TIMEOUTS)
    with out, pytest.raises(DeliveryError, match="does not agree on TLS"):
        out.send(MESSAGE, before_dot=Dots())
