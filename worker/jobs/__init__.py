"""The jobs: the road of the data, read from top to bottom.

ingest()        scan → decode → segment → clean → describe → fingerprint → relate → store
publish()       entries → feed file
post_digests()  digest → compose → deliver
replay()        pages of the archive → segment … fingerprint → store
"""

from worker.jobs.ingest import Ingested, Seeds, ingest
from worker.jobs.outlook import outlook
from worker.jobs.post import Post, digest_of, message_of, post_digests
from worker.jobs.publish import publish
from worker.jobs.reading import Reader, Reading, day_of
from worker.jobs.replay import Replayed, replay
from worker.jobs.rim import Rim

__all__ = [
    "Ingested",
    "Post",
    "Reader",
    "Reading",
    "Replayed",
    "Rim",
    "Seeds",
    "day_of",
    "digest_of",
    "ingest",
    "message_of",
    "outlook",
    "post_digests",
    "publish",
    "replay",
]
