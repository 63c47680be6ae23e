"""SMTP: what a server answers is what the caller gets."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from mail_servers import MESSAGE, OTHER, Dots, Mailbox, route, serving

from worker.errors import DeliveryError
from worker.model import Reply


def test_a_message_arrives_as_it_is(mailbox: Mailbox, port: int) -> None:
    dots = Dots()
    with route(port) as out:
        assert out.send(MESSAGE, before_dot=dots) == Reply(code=250, text="OK queued as 17")
        assert out.holds(MESSAGE) is None
    assert dots.count == 1
    (envelope,) = mailbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (MESSAGE.sender, [MESSAGE.recipient])
    assert envelope.original_content == MESSAGE.content


def test_the_dot_is_announced_before_the_message_is_real(mailbox: Mailbox, port: int) -> None:
    seen: list[int] = []
    with route(port) as out:
        out.send(MESSAGE, before_dot=lambda: seen.append(len(mailbox.taken)))
    assert seen == [0]
    assert len(mailbox.taken) == 1


def test_an_intent_that_cannot_be_recorded_sends_nothing(mailbox: Mailbox, port: int) -> None:
    def fail() -> None:
        raise RuntimeError("the disk is full")

    with route(port) as out:
        with pytest.raises(RuntimeError, match="disk"):
            out.send(MESSAGE, before_dot=fail)
        assert out.send(OTHER, before_dot=Dots()).code == 250
    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [[OTHER.recipient]]


@pytest.mark.parametrize("content", [b"a\nb", b"a\r\n.\rb\r\n", b"", b"."])
def test_no_bare_line_end_goes_out(mailbox: Mailbox, port: int, content: bytes) -> None:
    with route(port) as out:
        assert out.send(replace(MESSAGE, content=content), before_dot=Dots()).code == 250
    (envelope,) = mailbox.taken
    assert envelope.original_content is not None
    assert envelope.original_content.replace(b"\r\n", b"").count(b"\n") == 0
    assert envelope.original_content.endswith(b"\r\n")


def test_one_connection_serves_many_messages(mailbox: Mailbox, port: int) -> None:
    with route(port) as out:
        for message in (MESSAGE, OTHER):
            assert out.send(message, before_dot=Dots()).code == 250
    assert len(mailbox.connections) == 1
    assert len(mailbox.taken) == 2


@pytest.mark.parametrize("code", [450, 452, 550, 554])
@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_a_refusal_is_an_answer_and_the_next_message_goes(mailbox: Mailbox, port: int, step: str, code: int) -> None:
    dots = Dots()
    setattr(mailbox, step, f"{code} not now")
    with route(port) as out:
        assert out.send(MESSAGE, before_dot=dots) == Reply(code=code, text="not now")
        assert dots.count == 0
        setattr(mailbox, step, "")
        assert out.send(OTHER, before_dot=dots).code == 250
    assert dots.count == 1
    assert len(mailbox.connections) == 1


@pytest.mark.parametrize("code", [451, 550])
def test_a_refusal_behind_the_dot_is_an_answer(mailbox: Mailbox, port: int, code: int) -> None:
    dots = Dots()
    mailbox.data = f"{code} content refused"
    with route(port) as out:
        assert out.send(MESSAGE, before_dot=dots) == Reply(code=code, text="content refused")
        mailbox.data = ""
        assert out.send(OTHER, before_dot=dots).code == 250
    assert dots.count == 2
    assert len(mailbox.connections) == 1


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_421_closes_the_route(mailbox: Mailbox, port: int, step: str) -> None:
    dots = Dots()
    with route(port) as out:
        assert out.send(MESSAGE, before_dot=dots).code == 250
        setattr(mailbox, step, "421 4.3.2 going down")
        with pytest.raises(DeliveryError, match=rf"mail server 127\.0\.0\.1:{port} .*421 4\.3\.2 going down"):
            out.send(OTHER, before_dot=dots)
        setattr(mailbox, step, "")
        assert out.send(OTHER, before_dot=dots).code == 250
    assert dots.count == 2


def test_530_at_mail_is_about_the_route(mailbox: Mailbox, port: int) -> None:
    mailbox.mail = "530 5.7.0 Authentication required"
    with route(port) as out, pytest.raises(DeliveryError, match=r"does not let us in .530 5\.7\.0"):
        out.send(MESSAGE, before_dot=Dots())


def test_an_address_beyond_ascii_needs_smtputf8(mailbox: Mailbox) -> None:
    dots = Dots()
    foreign = replace(MESSAGE, recipient="читатель@example.org")
    with serving(mailbox, enable_SMTPUTF8=False) as old, route(old) as out:
        reply = out.send(foreign, before_dot=dots)
        assert (reply.code, dots.count) == (553, 0)
        assert "SMTPUTF8" in reply.text
    with serving(mailbox, enable_SMTPUTF8=True) as new, route(new) as out:
        assert out.send(foreign, before_dot=dots).code == 250
        assert out.send(MESSAGE, before_dot=dots).code == 250
    assert [envelope.rcpt_tos for envelope in mailbox.taken] == [[foreign.recipient], [MESSAGE.recipient]]


@pytest.mark.parametrize("recipient", ["a@b.c\r\nDATA", "a b@c.d", "a@b.c>", "\ud800@b.c"])
def test_an_address_cannot_smuggle_commands(mailbox: Mailbox, port: int, recipient: str) -> None:
    with route(port) as out:
        assert out.send(replace(MESSAGE, recipient=recipient), before_dot=Dots()).code == 553
    assert not mailbox.taken


def test_nobody_listens() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        number = closed.getsockname()[1]
        with (
            route(number) as out,
            pytest.raises(DeliveryError, match=f"127.0.0.1:{number} cannot be reached"),
        ):
            out.send(MESSAGE, before_dot=Dots())
