"""post_digests(): digest → compose → deliver."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jinja2 import Environment
from sqlite_utils import Database

from worker.jobs.rim import Rim
from worker.model import Delivery, DeliveryState, Message, Occasion, Reply, Subscription
from worker.outlet import digest as digests
from worker.outlet.also import StoryDigest
from worker.outlet.compose import compose
from worker.outlet.deliver import Route
from worker.store import entries, outbox, retractions, stories, subscribers
from worker.store.database import durable

#: After a 4yz reply: a minute, then twice as long each time, to four hours (as RFC 5321 section 4.5.4.1 asks
#: to be patient); what is past `late` goes into the next digest anyway.
_RETRY_FIRST = timedelta(minutes=1)
_RETRY_MOST = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How mail is made and sent."""

    route: Route
    templates: Environment
    sender: str
    title: str
    base_url: str
    late: timedelta


def post_digests(db: Database, post: Post, rim: Rim, *, now: datetime) -> Counter[DeliveryState]:
    """Make the digests that are due, then hand over what waits. One caller at a time (the post lock).

    Raises DeliveryError where the mail route is out of order; what waits then goes on waiting.
    """
    done: Counter[DeliveryState] = Counter()
    for delivery in outbox.unsure(db):
        done[_settle(db, post.route, delivery, now)] += 1
    newest = entries.last_number(db)
    for subscription in subscribers.every(db):
        if digests.due(subscription, now, late=post.late, newest=newest):
            _make(db, post, subscription.email, now)
    for number in outbox.due(db, now):
        if rim.stopping():
            break
        if waiting := outbox.get(db, number):  # its subscriber may have been forgotten meanwhile
            done[_hand_over(db, post, waiting, now)] += 1
    return done


def _settle(db: Database, route: Route, delivery: Delivery, now: datetime) -> DeliveryState:
    """A crash came between the dot and the reply: look whether the message is there; hold it if none can say."""
    holds = route.holds(delivery.message)
    states = {True: DeliveryState.SENT, False: DeliveryState.QUEUED, None: DeliveryState.HELD}
    told = {
        True: "found on the other side",
        False: "not on the other side",
        None: "no reply after the final dot",
    }
    with durable(db):
        reply = Reply(code=250 if holds else 0, text=told[holds])
        outbox.mark(db, delivery.number, states[holds], now=now, reply=reply)
    return states[holds]


def _make(db: Database, post: Post, email: str, now: datetime) -> None:
    """Compose and queue one digest, in the transaction that moves the cursor."""
    with durable(db):
        subscription, newest = subscribers.of(db, email), entries.last_number(db)
        if subscription is None or digests.too_soon(subscription, outbox.last_made(db, email), now):
            return
        occasion = digests.due(subscription, now, late=post.late, newest=newest)
        if occasion is None or outbox.has(db, subscription.number, occasion.name):  # a clock may jump back
            return
        for waiting in outbox.open_for(db, subscription.number):
            _fold(db, waiting, now)
        if digest := digest_of(db, email, occasion, newest):
            outbox.add(db, digest, message_of(digest, post, now), now)
        subscribers.serve(db, subscription.number, occasion=occasion.name, cursor=newest)


def digest_of(db: Database, email: str, occasion: Occasion, newest: int) -> StoryDigest | None:
    """What a mailbox gets on an occasion: the stories behind its cursor, once each; None where there are none."""
    subscription = subscribers.of(db, email)
    return _digest(db, subscription, occasion, newest) if subscription else None


def _digest(db: Database, subscription: Subscription, occasion: Occasion, newest: int) -> StoryDigest | None:
    told = entries.between(db, subscription.cursor, newest, digests.MOST_ENTRIES)
    total = entries.count(db, subscription.cursor, newest)
    also = stories.also(db, [entry.number for entry in told])
    return digests.digest(subscription, occasion, told, also, total=total, upto=newest)


def message_of(digest: StoryDigest, post: Post, now: datetime) -> Message:
    """The digest as a mail."""
    return compose(
        digest,
        templates=post.templates,
        sender=post.sender,
        title=post.title,
        base_url=post.base_url,
        now=now,
    )


def _fold(db: Database, waiting: Delivery, now: datetime) -> None:
    """A digest that surely never left: what it tells of goes into the next one."""
    reply = Reply(code=0, text="not delivered in time; its entries go into the next digest")
    outbox.mark(db, waiting.number, DeliveryState.FOLDED, now=now, reply=reply)
    if waiting.subscription is not None:
        subscribers.rewind(db, waiting.subscription, waiting.after)


def _anew(db: Database, post: Post, delivery: Delivery, now: datetime) -> Delivery | None:
    """A message without what was taken down since it was made; None, and folded, where nothing is left of it."""
    with durable(db):
        subscription = subscribers.of(db, delivery.message.recipient)
        digest = (
            _digest(db, replace(subscription, cursor=delivery.after), delivery.occasion, delivery.upto)
            if subscription
            else None
        )
        if digest is None:
            reply = Reply(code=0, text="all that it told of was taken down")
            outbox.mark(db, delivery.number, DeliveryState.FOLDED, now=now, reply=reply)
            return None
        message = message_of(digest, post, now)
        outbox.rewrite(db, delivery.number, message)
        return replace(delivery, message=message)


def _hand_over(db: Database, post: Post, delivery: Delivery, now: datetime) -> DeliveryState:
    """Send one message: the intent is on disk before the final dot, the reply after it."""
    if delivery.subscription is not None and digests.overdue(delivery.occasion, now, post.late):  # no next notice
        with durable(db):
            _fold(db, delivery, now)
        return DeliveryState.FOLDED

    if delivery.subscription is not None and retractions.in_message(db, delivery.number):
        anew = _anew(db, post, delivery, now)
        if anew is None:
            return DeliveryState.FOLDED
        delivery = anew

    def before_dot() -> None:
        with durable(db):
            outbox.mark(db, delivery.number, DeliveryState.DOT, now=now)

    reply = post.route.send(delivery.message, before_dot=before_dot)
    with durable(db):
        match reply.code // 100:
            case 2:
                state = DeliveryState.SENT
            case 4:
                pause = min(_RETRY_FIRST * 2**delivery.tries, _RETRY_MOST)
                outbox.defer(db, delivery.number, now=now, until=now + pause, reply=reply)
                return DeliveryState.DEFERRED
            case 5:
                state = DeliveryState.FAILED
            case _:
                state = DeliveryState.DOT  # nobody can say; the next run looks
        outbox.mark(db, delivery.number, state, now=now, reply=reply)
    return state
