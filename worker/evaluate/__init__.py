"""How well pages are split, held against what a person says is right. Pure.

gold   what a person says a page holds    score  figures of pages against their gold
draft  a gold file to correct by hand, made of what was found
"""

from worker.evaluate.draft import draft
from worker.evaluate.gold import Gold, GoldArticle, load, written
from worker.evaluate.score import Counts, Figures, score

__all__ = ["Counts", "Figures", "Gold", "GoldArticle", "draft", "load", "score", "written"]
