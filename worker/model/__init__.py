"""The nouns of seedwire. Everything here is a frozen value; nothing here acts.

    seeds     what lies in the seeds directory     pages   what a dump holds
    articles  what a page states                   entries what the store remembers
    mail      people and their mail                sites  what an operator knows better

Instants are aware datetimes in UTC. What a page *states* is a StatedDate, which keeps the precision and the
offset that the page gave and promises no more. What a page has thousands of is a NamedTuple, which is made
five times faster than a frozen dataclass.
"""

from worker.model.articles import Article, Clean, Fingerprint, Precision, StatedDate
from worker.model.entries import Entry, Outcome, Relation
from worker.model.mail import Delivery, DeliveryState, Digest, Frequency, JobRun, Message, Occasion, Reply, Subscription
from worker.model.pages import Cut, Kind, Mark, Markup, Page, Piece, Span, Split, Stated, Verdict
from worker.model.seeds import Dump, Failure, Limits, Look, Scan
from worker.model.sites import Frame, Site

__all__ = [
    "Article",
    "Clean",
    "Cut",
    "Delivery",
    "DeliveryState",
    "Digest",
    "Dump",
    "Entry",
    "Failure",
    "Fingerprint",
    "Frame",
    "Frequency",
    "JobRun",
    "Kind",
    "Limits",
    "Look",
    "Mark",
    "Markup",
    "Message",
    "Occasion",
    "Outcome",
    "Page",
    "Piece",
    "Precision",
    "Relation",
    "Reply",
    "Scan",
    "Site",
    "Span",
    "Split",
    "Stated",
    "StatedDate",
    "Subscription",
    "Verdict",
]
