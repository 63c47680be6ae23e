"""Whose report it is, as lead paragraphs say it in English, Russian and Kazakh."""

from __future__ import annotations

import pytest

from worker.intake.shapes.attribution import source_in

_TABLE = """
The ferry sails on Monday, the Ministry of Roads and Crossings reports.        | Ministry of Roads and Crossings
The ferry sails on Monday, Ministry of Roads reported on Friday.               | Ministry of Roads
A choir came second, Northern Gazette reports citing the post office.          | Northern Gazette
A choir came second, courier.org reports.                                      | courier.org
The ferry sails again, the provincial rescue service reports. More of it.      | provincial rescue service
The lake is clean, according to Kazinform.                                     | Kazinform
He told it with reference to Akorda Press.                                     | Akorda Press
Anna Voss writes in an article for The Courier, a weekly.                      | The Courier
В городе открыли мост, сообщает Министерство дорог.                            | Министерство дорог
В городе открыли мост, сообщает пресс-служба областной почты.                  | пресс-служба областной почты
В городе открыли мост, передаёт Kazinform со ссылкой на акимат.                | Kazinform
В городе открыли мост, сообщили в Министерстве дорог.                          | Министерстве дорог
Мост открыт, сообщает «Степной курьер».                                        | Степной курьер
Мост открыт, сообщает агентство «Степь».                                       | агентство «Степь»
Мост открыт, сообщает агентство "Степь".                                       | агентство "Степь"
Мост открыт, со ссылкой на Степной курьер.                                     | Степной курьер
Қалада көпір ашылды, деп хабарлайды Қала әкімдігі.                             | Қала әкімдігі
Көпір ашылды, - деп хабарлайды ҚазАқпарат.                                     | ҚазАқпарат
The lake is clean, according to the engineer Boris Pelagin, and cold.          | none
El lago está limpio, según explicó el alcalde en rueda de prensa.              | none
El lago está limpio, según informó el Ayuntamiento de Valdeoca.                | Ayuntamiento de Valdeoca
El lago está limpio, según la policía local.                                   | policía local
Көпір ашылды. Бұл туралы қала әкімдігінің баспасөз қызметі хабарлады.          | қала әкімдігінің баспасөз қызметі
Мост открыт, сообщает наш собственный корреспондент.                           | none
Көпір ашылды, деп хабарлайды dala-news.kz.                                     | dala-news.kz
El lago está limpio, según la ministra.                                        | none
Мост открыт, по данным полиции.                                                | полиции
Original-Content von: Amt für Gewässer Seeburg, übermittelt durch Nordpost     | Amt für Gewässer Seeburg
The lake is clean, he reports.                                                 | none
The lake is clean, it reported on Monday.                                      | none
The lake is clean, сообщает он.                                                | none
It rains one day in ten. In their first week the couple reported a halo.       | none
After the frost, Ministry of Roads reports, the path is open.                  | Ministry of Roads
The ministry reports a surplus.                                                | none
The council reports on its work, and no more.                                  | none
Nothing is said here.                                                          | none
"""


@pytest.mark.parametrize(("paragraph", "source"), [line.rsplit("|", 1) for line in _TABLE.strip().splitlines()])
def test_source(paragraph: str, source: str) -> None:
    assert (source_in(paragraph.strip()) or "none") == source.strip()


@pytest.mark.parametrize("paragraph", ["a" * 60_000, "a." * 30_000, "A" * 20_000, "- " * 30_000, "x, the " * 9000])
@pytest.mark.parametrize("end", ["", " хабарлайды", " reports", " according to", " reference to"])
def test_paragraphs_of_a_machine_are_no_trap(paragraph: str, end: str) -> None:
    """A blob of letters once took as many steps as the square of its length: this file then takes minutes."""
    source_in(paragraph + end)
