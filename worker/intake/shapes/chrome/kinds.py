"""The parts of a site's frame that a line can be."""

from __future__ import annotations

from enum import StrEnum


class Chrome(StrEnum):
    """What part of a site's frame a line is."""

    CREDIT = "image credit"
    RELATED = "link to another article"
    SHARE = "share link"
    MORE = "read-more link"
    LEGAL = "copyright line"
    SECTION = "heading of a list of links"
    NAVIGATION = "navigation"
    BYLINE = "author line"
    COMMENT = "reader's comment"
    META = "page data"
    LISTING = "heading of a listing"
    SEARCH = "heading of search results"
    ABSENT = "word that there is no such page"
    RULE = "a rule between parts"


#: The more telling kinds first.
RANK = {kind: rank for rank, kind in enumerate(Chrome)}

DECORATION = " .…→»›>"  # behind the words of a link
