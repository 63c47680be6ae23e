"""A date on the line of its title, glued to it or set off, before it or behind, in six languages."""

from __future__ import annotations

import pytest

from worker.intake.segment.shape import Role, shapes_of

TITLES = {
    "New school opens in the village of Aksai": ("14 May 2025", "May 14, 2025", "14.05.2025", "14 May 2025, 10:20"),
    "Новая школа открылась в селе Аксай": ("14 мая 2025", "14 мая 2025 г.", "14.05.2025, 10:20"),
    "Ақсай ауылында жаңа мектеп ашылды": ("14 мамыр 2025", "2025 жылғы 14 мамыр", "14 мамыр 2025, 10:20"),
    "Neue Schule in Aksdorf feierlich eröffnet": ("14. Mai 2025", "14.05.2025"),
    "Une nouvelle école ouvre au village": ("14 mai 2025", "14/05/2025"),
    "Una nueva escuela abre en el pueblo": ("14 de mayo de 2025", "14/05/2025"),
}
CASES = [(title, date) for title, dates in TITLES.items() for date in dates]
JOINTS = ("", " ", " - ", " – ", " | ")


@pytest.mark.parametrize(("title", "date"), CASES)
@pytest.mark.parametrize("joint", [*JOINTS, ", ", " ("])
def test_behind(title: str, date: str, joint: str) -> None:
    line = title + joint + date + (")" if "(" in joint else "")
    shapes = shapes_of(line, False)
    assert [shape.role for shape in shapes] == [Role.TEXT, Role.DATE]
    assert line[shapes[0].begin : shapes[0].end] == title
    assert str(shapes[1].day) == "2025-05-14"


@pytest.mark.parametrize(("title", "date"), CASES)
@pytest.mark.parametrize("joint", [*JOINTS, ": "])
def test_before(title: str, date: str, joint: str) -> None:
    line = date + joint + title
    shapes = shapes_of(line, False)
    assert [shape.role for shape in shapes] == [Role.DATE, Role.TEXT]
    assert line[shapes[1].begin : shapes[1].end] == title
    assert str(shapes[0].day) == "2025-05-14"


@pytest.mark.parametrize(
    "line",
    [
        "Wheat prices in the valley as of 3 May 2026",
        "What the valley looked like before 3 May 2026",
        "Прогноз погоды по области на 3 мая 2026",
        "Что изменится для жителей с 3 мая 2026 года",
        "Fahrplan der Fähre gültig ab 3. Mai 2026",
        "Horaires du bac à partir du 3 mai 2026",
        "3 May 2026 was the last day of the old ferry.",
    ],
)
def test_a_date_within_a_sentence_stays(line: str) -> None:
    assert [shape.role for shape in shapes_of(line, False)] == [Role.TEXT]
