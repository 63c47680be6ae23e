"""seedwire turns a folder of crawled page dumps into a news wire.

The road of the data, one word per stage:

    scan → decode → segment → clean → describe → fingerprint → relate → store → publish
                                                                          └────→ digest → compose → deliver

`intake` reads bytes into articles, `store` remembers every story once, `outlet` makes what readers
receive, `web` serves it. `jobs` is the road read from top to bottom, `schedule` says when it is walked,
`settings` alone reads the environment, and `cli` wires it all together.
"""

__version__ = "0.1.0"
