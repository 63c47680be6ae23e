"""Telling systemd how we are: one datagram to a socket, sd_notify(3)."""

from __future__ import annotations

import contextlib
import socket

from worker.settings import notify_socket


def notify(state: str) -> None:
    """Send "READY=1", "WATCHDOG=1" or "STOPPING=1"; nothing happens where systemd did not start us."""
    address = notify_socket()
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.connect("\0" + address[1:] if address.startswith("@") else address)
        sock.sendall(state.encode())
