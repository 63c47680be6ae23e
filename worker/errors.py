"""What an operator must see. Each message is one line: what failed, on what, and what to do.

    SeedwireError
    ├── SettingsError       a setting is wrong; names the key, the value and what is allowed
    ├── StateInUse          another process works on the state directory
    ├── TemplateError       a template is missing or broken; names file and line
    ├── StoreError          the database cannot be used
    │   ├── StoreBroken     it is damaged, or not ours
    │   ├── StoreBusy       it stayed locked
    │   ├── StoreFull       the disk is full
    │   └── SchemaTooNew    a newer seedwire wrote it
    ├── StoryError          an entry cannot be put there: it is where it was asked to be
    ├── GoldError           a gold file is wrong; names file, field and what belongs there
    ├── SeedsUnreachable    the seeds directory itself cannot be read
    ├── PublishError        a feed could not be written
    ├── FeedRefused         a feed would break a rule, and is not published: the last good one stays
    ├── ServeError          the HTTP address cannot be used
    └── DeliveryError       the mail route as a whole is out of order

Expected endings (a duplicate, a rejected piece, a refused recipient) are values, not exceptions.
"""


class SeedwireError(Exception):
    """The root of the tree."""


class SettingsError(SeedwireError):
    """A setting is wrong."""


class StateInUse(SeedwireError):
    """Another process holds the lock of the state directory."""


class TemplateError(SeedwireError):
    """A template is missing or broken."""


class StoreError(SeedwireError):
    """The database cannot be used."""


class StoreBroken(StoreError):
    """The database file is damaged, or is no seedwire database."""


class StoreBusy(StoreError):
    """The database stayed locked for too long."""


class StoreFull(StoreError):
    """The disk is full."""


class SchemaTooNew(StoreError):
    """The database was written by a newer version."""


class StoryError(SeedwireError):
    """An entry cannot be put into that story, or out of it."""


class GoldError(SeedwireError):
    """A file that says what a page holds cannot be used."""


class SeedsUnreachable(SeedwireError):
    """The seeds directory itself cannot be read; what is stored goes on being published and posted."""


class PublishError(SeedwireError):
    """A feed could not be written."""


class FeedRefused(SeedwireError):
    """A feed failed its check: names the file, the rule and the cure. The last good one stays."""


class ServeError(SeedwireError):
    """The HTTP address cannot be used."""


class DeliveryError(SeedwireError):
    """The mail route is out of order: nothing can be sent now."""
