"""What dates look like on a line, in six languages.

words     months, weekdays, labels      full      dates with day, month and year, wherever they stand
lines     date lines and glued dates    relative  "2 hours ago"
"""

from worker.intake.shapes.dates.full import Dated, dates_in, day_in_digits, day_without_year, month_first
from worker.intake.shapes.dates.lines import (
    Opening,
    date_line,
    leading_date,
    opening_date,
    posted_at_end,
    published_in,
    trailing_date,
)
from worker.intake.shapes.dates.relative import LONGEST as LONGEST_RELATIVE
from worker.intake.shapes.dates.relative import posted_time, relative_date, relative_line, time_line, time_of
from worker.intake.shapes.dates.words import MONTH_NUMBER

__all__ = [
    "LONGEST_RELATIVE",
    "MONTH_NUMBER",
    "Dated",
    "Opening",
    "date_line",
    "dates_in",
    "day_in_digits",
    "day_without_year",
    "leading_date",
    "month_first",
    "opening_date",
    "posted_at_end",
    "posted_time",
    "published_in",
    "relative_date",
    "relative_line",
    "time_line",
    "time_of",
    "trailing_date",
]
