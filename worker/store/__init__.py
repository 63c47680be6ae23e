"""What the worker remembers: one SQLite file, through sqlite-utils; one module a family of nouns.

database, schema/, reading   opening it, its tables, readers        dumps, pages, frames, ledger   what was read
entries, book                what is published, and how written     sketches, stories, topics      what belongs together
channels, turns, announcing  what is told where, in which order     presses, retractions           what is told no more
subscribers, outbox          people and their mail                  calls, peers                   whom we call
search, days, histories, indexes   what pages ask for               tallies, lags, runs, silences  how all is going
keys, replays                who may read; reading again
"""
