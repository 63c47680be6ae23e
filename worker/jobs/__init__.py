"""The jobs: the road of the data, read from top to bottom.

ingest()        scan → decode → segment → clean → describe → fingerprint → relate → store
publish()       entries → documents of the channels that have something new; look_after() finds what is lost
make_calls()    entries and feeds → hubs and webhooks
post_digests()  digest → compose → deliver
replay()        pages of the archive → segment … fingerprint → store
retract(), restore() an entry off what readers get, and back: as an operator decides
split(), join() an entry out of a story, stories into one: as an operator decides
keep_topics()   saved searches → store; match_topics(): archive → their entries
note_silences() who has gone quiet, and a notice of it for the operator, which post_digests() delivers
"""

from worker.jobs.calling import Calls, keep_peers, make_calls, next_call, queue_calls
from worker.jobs.ingest import Ingested, Seeds, ingest
from worker.jobs.outlook import outlook
from worker.jobs.placing import join, split
from worker.jobs.post import Post, digest_of, message_of, post_digests
from worker.jobs.publish import Pressing, Published, publish
from worker.jobs.reading import Reader, Reading, day_of
from worker.jobs.relating import sketches_of
from worker.jobs.renewing import look_after
from worker.jobs.replay import Replayed, replay
from worker.jobs.retracting import Retracted, restore, retract, seen_revisions
from worker.jobs.rim import Rim
from worker.jobs.silences import Operator, note_silences, quiet
from worker.jobs.topics import keep_topics, match_topics

__all__ = [
    "Calls",
    "Ingested",
    "Operator",
    "Post",
    "Pressing",
    "Published",
    "Reader",
    "Reading",
    "Replayed",
    "Retracted",
    "Rim",
    "Seeds",
    "day_of",
    "digest_of",
    "ingest",
    "join",
    "keep_peers",
    "keep_topics",
    "look_after",
    "make_calls",
    "match_topics",
    "message_of",
    "next_call",
    "note_silences",
    "outlook",
    "post_digests",
    "publish",
    "queue_calls",
    "quiet",
    "replay",
    "restore",
    "retract",
    "seen_revisions",
    "sketches_of",
    "split",
]
