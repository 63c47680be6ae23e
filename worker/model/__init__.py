"""The nouns of seedwire. Everything here is a frozen value; nothing here acts.

    seeds     what lies in the seeds directory     pages   what a dump holds
    articles  what a page states                   entries what the store remembers
    mail      people and their mail                sites   what an operator knows better
    replays   how the archive differs when read again
    silences  how sources speak, and when they stop
    stories   entries that tell the same news
    topics    what an operator follows             feeds   what a feed tells

Instants are aware datetimes in UTC. What a page *states* is a StatedDate, which keeps the precision and the
offset that the page gave and promises no more. What a page has thousands of is a NamedTuple, which is made
five times faster than a frozen dataclass.
"""

from worker.model.articles import Article, Clean, Fingerprint, Precision, StatedDate
from worker.model.entries import Entry, Near, Outcome, Relation
from worker.model.feeds import Channel, ChannelKind, Document, Press, Retraction
from worker.model.mail import Delivery, DeliveryState, Digest, Frequency, JobRun, Message, Occasion, Reply, Subscription
from worker.model.pages import Cut, Kind, Mark, Markup, Page, Piece, Span, Split, Stated, Verdict, address_of, host_of
from worker.model.replays import Change, Difference, Due, Lit, Outlook, Reread
from worker.model.seeds import Dump, Failure, Limits, Look, Scan
from worker.model.silences import EVERYTHING, Arrival, Credit, Notice, Outage, Silence, Source
from worker.model.sites import Frame, Frames, Site
from worker.model.stories import Also, Join, Likeness, Passage, Placing
from worker.model.topics import Named, Topic, slug_of, source_of

__all__ = [
    "EVERYTHING",
    "Also",
    "Arrival",
    "Article",
    "Change",
    "Channel",
    "ChannelKind",
    "Clean",
    "Credit",
    "Cut",
    "Delivery",
    "DeliveryState",
    "Difference",
    "Digest",
    "Document",
    "Due",
    "Dump",
    "Entry",
    "Failure",
    "Fingerprint",
    "Frame",
    "Frames",
    "Frequency",
    "JobRun",
    "Join",
    "Kind",
    "Likeness",
    "Limits",
    "Lit",
    "Look",
    "Mark",
    "Markup",
    "Message",
    "Named",
    "Near",
    "Notice",
    "Occasion",
    "Outage",
    "Outcome",
    "Outlook",
    "Page",
    "Passage",
    "Piece",
    "Placing",
    "Precision",
    "Press",
    "Relation",
    "Reply",
    "Reread",
    "Retraction",
    "Scan",
    "Silence",
    "Site",
    "Source",
    "Span",
    "Split",
    "Stated",
    "StatedDate",
    "Subscription",
    "Topic",
    "Verdict",
    "address_of",
    "host_of",
    "slug_of",
    "source_of",
]
