"""Words that stand for numbers and days of the week, in six languages."""

from __future__ import annotations

_CARDINALS: dict[int | str, str] = {
    0: "zero null zéro cero ноль нуль нөл",
    2: "two zwei deux dos два две екі",
    3: "three drei trois tres три үш",
    4: "four vier quatre cuatro четыре төрт",
    5: "five fünf cinq cinco пять бес",
    6: "six sechs seis шесть алты",
    7: "seven sieben sept siete семь жеті",
    8: "eight acht huit ocho восемь сегіз",
    9: "nine neun nueve девять тоғыз",
    10: "ten zehn dix diez десять",
    11: "eleven elf onze одиннадцать",
    12: "twelve zwölf douze doce двенадцать",
    13: "thirteen dreizehn treize trece тринадцать",
    14: "fourteen vierzehn quatorze catorce четырнадцать",
    15: "fifteen fünfzehn quinze quince пятнадцать",
    16: "sixteen sechzehn dieciséis шестнадцать",
    17: "seventeen siebzehn dix-sept diecisiete семнадцать",
    18: "eighteen achtzehn dix-huit dieciocho восемнадцать",
    19: "nineteen neunzehn dix-neuf diecinueve девятнадцать",
    20: "twenty zwanzig vingt veinte двадцать жиырма",
    30: "thirty dreißig trente treinta тридцать отыз",
    40: "forty vierzig quarante cuarenta сорок қырық",
    50: "fifty fünfzig cinquante cincuenta пятьдесят елу",
    60: "sixty sechzig soixante sesenta шестьдесят алпыс",
    70: "seventy siebzig setenta семьдесят жетпіс",
    80: "eighty achtzig ochenta восемьдесят сексен",
    90: "ninety neunzig noventa девяносто тоқсан",
    100: "hundred hundert cien сто жүз",
    1000: "thousand tausend mille mil тысяча тысяч мың",
}
_ORDINALS: dict[int | str, str] = {
    "1st": "first erste ersten erster première primer primera первый первая первое первого первой бірінші",
    "2nd": "second zweite zweiten zweiter deuxième segundo segunda второй вторая второе второго екінші",
    "3rd": "third dritte dritten dritter troisième tercer tercera третий третья третье третьего третьей үшінші",
    "4th": "fourth vierte vierten vierter quatrième cuarto cuarta четвертый четвертая четвертого четвертой төртінші",
    "5th": "fifth fünfte fünften cinquième quinto quinta пятый пятая пятого пятой бесінші",
    "6th": "sixth sechste sechsten sixième sexto sexta шестой шестая шестого алтыншы",
}
#: A word, and how the number is written in digits; ordinals stay apart from cardinals. Left out is what is an article
#: or a common word in one of the languages: "one" and "un", "once", "seize", "neuf", "cent", "premier", Kazakh "он".
NUMERALS = {
    word: str(number)
    for table in (_CARDINALS, _ORDINALS)
    for number, words in table.items()
    for word in words.split()
}
#: With the forms that are used in a text; three-letter ones are left out, since they are words of their own.
DAY_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
    " lunes martes miércoles jueves viernes sábado domingo"
    " понедельник понедельника вторник вторника среда среду среды четверг четверга пятница пятницу пятницы"
    " суббота субботу субботы воскресенье воскресенья"
    " дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі жексенбі"
    " дүйсенбіде сейсенбіде сәрсенбіде бейсенбіде жұмада сенбіде жексенбіде".split()
)
