"""The command line, and the only place that wires clock, store, transport and settings together.

wiring   what a command works with         daemon   run, once
reading  parse, ledger, explain, search, status
people   subscribers, digest               care     doctor, backup
"""

from worker.cli.main import main

__all__ = ["main"]
