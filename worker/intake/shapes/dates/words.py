"""The words of dates in six languages: months, weekdays, and the labels that pages put before a date."""

from __future__ import annotations

_TABLE = """
january jan · jänner jän · janv ene · janvier januar enero · январь января янв қаңтар қаң
february feb · fév févr · février fevrier februar feber febrero · февраль февраля фев февр ақпан ақп
march mar · mär mrz · mars märz marz marzo · март марта мар наурыз нау
april apr · abr · avril abril · апрель апреля апр сәуір сәу
may · mai mayo · май мая мамыр
june jun · juin juni junio · июнь июня июн маусым мау
july jul · juil · juillet juli julio · июль июля июл шілде шіл
august aug · aoû ago · août aout agosto · август августа авг тамыз там
september sept sep · septembre septiembre setiembre · сентябрь сентября сен сент қыркүйек қыр
october oct · okt · octobre oktober octubre · октябрь октября окт қазан қаз
november nov · novembre noviembre · ноябрь ноября ноя қараша қар
december dec · déc dez dic · décembre decembre dezember diciembre · декабрь декабря дек желтоқсан жел
"""
#: Every name in small letters, and its number from 1.
MONTH_NUMBER = {
    name: number
    for number, names in enumerate(_TABLE.strip().splitlines(), 1)
    for name in names.replace("·", " ").split()
}
_BY_FIRST = {
    first: sorted((name[1:] for name in MONTH_NUMBER if name[0] == first), key=len, reverse=True)
    for first in sorted({name[0] for name in MONTH_NUMBER})
}
FIRSTS = "".join(_BY_FIRST)  #: letters
#: A pattern for the name of a month. Where none begins, the first letter settles it.
MONTH = f"(?=[{FIRSTS}])(?:" + "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in _BY_FIRST.items()) + ")"

WEEKDAYS = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    "|lun|mar|mié|mie|jue|vie|sáb|sab|dom|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so|дс|сс|ср|бс|жм|сб|жс"
    "|дүй|сей|сәр|бей|жұм|сен|жек|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс"
    "|дүйсенбі|сейсенбі|сәрсенбі|бейсенбі|жұма|сенбі|жексенбі"
    "|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
)
_LABELS = (
    r"(?:(?:first\s+)?publish(?:ed|ing)?|publication|posted|(?:last\s+)?(?:updated|modified)|created|added|released?|issued)(?:\s+(?:date|on|at))?|date|on|pubdate"
    r"|опубликован[оа]|дата(?:\s+(?:публикации|размещения|создания))?|размещен[оа]|обновлен[оа]|добавлен[оа]|создан[оа]"
    r"|жарияланған(?:\s+(?:күні|уақыты))?|жарияланды|күні|жаңартылған(?:\s+күні)?|жаңартылды|қосылған(?:\s+күні)?"
    r"|veröffentlicht(?:\s+am)?|erschienen(?:\s+am)?|(?:zuletzt\s+)?(?:aktualisiert|geändert)(?:\s+am)?|stand|datum|vom|am"
    r"|(?:publiée?|mise?\s+en\s+ligne|mise?\s+à\s+jour|posté|écrit)(?:\s+le)?|date\s+de\s+publication|le"
    r"|(?:publicad[oa]|actualizad[oa]|creado)(?:\s+el)?|fecha(?:\s+de\s+publicación)?|el"
)
LABELLED = rf"(?:(?:{_LABELS})\b\s*:?\s*)"
#: The labels of the day on which something was published, in a pattern of their own: other days may stand beside it.
PUBLISHED = r"publish|publication|posted|released?|issued|опубликован|публикаци|размещен|жариялан|veröffentlicht|erschienen|publi[ée]|mise?\s+en\s+ligne|publicad|publicación"
