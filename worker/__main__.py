"""`python -m worker` is `seedwire`."""

from worker.cli import main

main()
