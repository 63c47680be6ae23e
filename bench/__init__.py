"""How fast seedwire is, as ratios against a floor that is measured in the same run: `python -m bench`.

ingest   whole ingest of 5,000 articles, on one core and on two, against reading, hashing and inserting the same
         articles; the share of it that near-duplicates take
peer     the same pages through datasketch, sqlite-utils and feedgen, to a feed on disk, against ours
sketch   signatures of datasketch and rensa against our fingerprint and sketch of the same texts
stages   segment, clean and describe against the same floor
scan     a re-scan of 200,000 unchanged files against `find -printf`
latency  from the rename of a dropped file to the served feed that holds it
http     answers a second with the feed, and without, against nginx with the same file
publish  ten new entries and their feeds, where 100,000 are stored against where 1,000 are
pages    how long each kind of page takes at 100,000 entries, and how large it is
extraction  words of the bodies of HTML pages that are right, ours beside those of trafilatura

Only when named, since they take long:

large    archives of 20,000 and 200,000 articles, or of `--sizes N …`: against the floor, and what near-duplicates
         cost an article at the end of each
memory   the daemon's memory over a million entries, or `--entries N`
wet      peak memory and speed of a WET of a gigabyte
fuzz     damaged dumps from bytes to verdict: `--runs N --seed S --jobs J --keep DIR`

The environment may name scripts: SEEDBENCH_CORPUS makes the pages (`bench/corpus.py`), SEEDBENCH_SCORE says how right
the stories of `large` are (`bench/large.py`). What peers need is installed by `make bench`.

Nothing here passes or fails: an aim is printed beside its figure, and the reader judges.
"""
