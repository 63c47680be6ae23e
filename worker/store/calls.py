"""Stand-in."""


def add_pings(*_: object) -> None:
    """Nothing yet."""
