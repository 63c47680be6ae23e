"""The language of a text."""

from __future__ import annotations

import pytest

from worker.intake.shapes.tongue import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The ferry of the town is back, and the children are glad of it."),
        ("ru", "В городе снова ходит паром, и все этому рады."),
        ("kk", "Қалада паром қайта жүре бастады, бәрі қуанышты."),
        ("de", "Der Hund und die Katze sind nicht im Haus von Anna."),
        ("fr", "Le chat est sur la table et le chien est dans la maison."),
        ("es", "El perro y los gatos están en la casa con la niña."),
        ("ru", "Паром Karlygash вернулся на озеро, говорит капитан Osken, и все этому рады."),
        (
            "ru",
            "Президент приехал в Көкшетау, и его встретили на вокзале с музыкой и цветами, говорит начальник станции.",
        ),
        ("en", "The ferry is called Қарлығаш, and that is the name of a bird in the language of the town."),
        (None, "Lorem ipsum dolor sit amet consectetur adipiscing"),
        (None, "Ferry"),
        (None, "2026 14 05"),
        (None, "مرحبا بالعالم في يوم جميل من أيام الربيع"),
        (None, ""),
    ],
)
def test_language(language: str | None, text: str) -> None:
    assert language_of(text) == language
    assert language_of(text.upper()) == language
