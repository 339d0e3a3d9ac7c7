"""The words of time expressions in Spanish, by their kinds, folded: for its readers alone.

To others `de`, `el` or `mes` may mean anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.search.time_expressions.word_lists import Kind

SPANISH_UNITS: Mapping[str, str] = {
    "minute": "minuto minutos",
    "hour": "hora horas",
    "day": "dia dias",
    "week": "semana semanas",
    "weekend": "finde",
    "month": "mes meses",
    "quarter": "trimestre trimestres",
    "year": "ano anos",
    "decade": "decada decadas",
}
SPANISH_VALUES: Mapping[Kind, Mapping[int, str]] = {
    Kind.NUMBER: {
        1: "un una uno",
        2: "dos",
        3: "tres",
        4: "cuatro",
        5: "cinco",
        6: "seis",
        7: "siete",
        8: "ocho",
        9: "nueve",
        10: "diez",
        12: "doce",
    },
    Kind.ANY_OF: {2: "par", 5: "pocos pocas"},
    Kind.SIDE: {
        -1: "ultimo ultima ultimos ultimas",
        0: "este esta estos estas",
        1: "proximo proxima proximos proximas",
    },
    Kind.SIDE_BEHIND: {
        -1: "pasado pasada pasados pasadas anterior",
        0: "actual",
        1: "proximo proxima siguiente",
    },
    Kind.DAY: {0: "hoy", -1: "ayer anoche", -2: "anteayer antier", 1: "manana"},
    Kind.PART: {0: "manana", 12: "tarde", 18: "noche"},
    Kind.SEASON: {3: "primavera", 6: "verano", 9: "otono", 12: "invierno"},
    Kind.EDGE: {0: "principios comienzos", 1: "mediados", 2: "finales"},
    Kind.HOLIDAY: {1225: "navidad", 1231: "nochevieja", 1224: "nochebuena"},
}
SPANISH_WORDS: Mapping[Kind, str] = {
    Kind.VOR: "hace",
    Kind.SINCE: "desde",
    Kind.UNTIL: "hasta",
    Kind.BETWEEN: "entre",
    Kind.FROM: "de del desde",
    Kind.OF: "de del",
    Kind.TO: "a al hasta",
    Kind.AND: "y e",
    Kind.OR: "o",
    Kind.IN: "en durante",
    Kind.THE: "el la los las lo",
    Kind.MOST: "mas",
    Kind.RECENT: "reciente recientes",
    Kind.NEWEST: "ultimo ultima ultimos ultimas novedades",
    Kind.OLD: "antiguo antigua antiguos antiguas viejo vieja viejos viejas",
    Kind.NOUN: "noticia noticias historia historias articulo articulos",
    Kind.WHAT: "que",
    Kind.LATELY: "recientemente ultimamente",
}
