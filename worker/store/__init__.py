"""What the worker remembers: one SQLite file, through sqlite-utils; one module a family of nouns."""
