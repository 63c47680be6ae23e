"""How fast seedwire is, as ratios against a floor that is measured in the same run: `python -m bench`.

ingest   whole ingest of 5,000 articles against reading, hashing and inserting the same articles
stages   segment, clean and describe against the same floor
scan     a re-scan of 200,000 unchanged files against `find -printf`
latency  from the rename of a dropped file to the served feed that holds it
extraction  words of the bodies of HTML pages that are right, ours beside those of trafilatura
wet      peak memory and speed of a WET of a gigabyte, only when named
fuzz     damaged dumps from bytes to verdict, only when named: `--runs N --seed S --jobs J --keep DIR`

Nothing here passes or fails: an aim is printed beside its figure, and the reader judges.
"""
