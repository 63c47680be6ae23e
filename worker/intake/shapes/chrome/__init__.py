"""Words by which sites frame their articles, in six languages; general, bound to no site.

chrome.txt  the words, one pattern a line      words    those of them that a line can match
phrases     what may stand anywhere on a line  line     which part of a frame a line is
glued       what is glued behind a text        bars     menus and share bars run together

A word list alone never decides where an article begins: it only says what a line is *not*, and a text below that
speaks of just that takes it back (`segment.lines`). Lines that a page repeats are found without any list
(`segment.frame`).
"""

from worker.intake.shapes.chrome.bars import all_chrome, is_menu, is_share_bar, sharing
from worker.intake.shapes.chrome.glued import SOURCE_LINE, glued
from worker.intake.shapes.chrome.kinds import Chrome
from worker.intake.shapes.chrome.line import LONGEST, LONGEST_NOTICE, begins_chrome, chrome_of, hints

__all__ = [
    "LONGEST",
    "LONGEST_NOTICE",
    "SOURCE_LINE",
    "Chrome",
    "all_chrome",
    "begins_chrome",
    "chrome_of",
    "glued",
    "hints",
    "is_menu",
    "is_share_bar",
    "sharing",
]
