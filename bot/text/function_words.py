"""Function words of German and Spanish: what is around the words that are meant in a question.

Those are left out that are English words, too, and may be meant as these: `den`, `man`, `son`.
"""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    aber alle als am auch auf aus bei beim bis bitte da dann das dass dem denn der des diese
    diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines erst es
    geben gegen gegeben gerade gern gibt habe haben hatte ich ihm ihn ihr ihre ihren im in
    indem ist ja jede jeden jeder jetzt kann kein keine konnen mein meine mich mir mit mochte
    mussen nach nicht noch nur ob oder ohne schon sehr seid sein seine seinen seit sich sie sind
    soll sollen sollte sowie und uns unser unter vom von vor wann warum was weil welche welchem
    welchen welcher welches wem wen wenn werden wer weshalb wie wieder wieso wieviel wir wird wo
    wohin wurde wurden zu zum zur uber zwischen
    """.split()
) | frozenset(
    """
    acerca algo ante aqui asi aun cada como cual cuales cuando cuanta cuantas cuanto cuantos de
    del desde donde el ella ellas ellos en entre es esa ese eso esta estan estas este esto estos
    fue fueron ha han hasta las le les lo los me mi mientras muy ni nos otra otro para pero por
    porque que quien quienes se segun ser si sobre su sus tambien tiene tienen todo todos una
    unas unos y ya
    """.split()
)
"""Folded, as `bot.text.tokenizer.words` gives them."""

FUNCTION_WORDS_AS_TYPED = frozenset({"für", "fuer"})
"""In small letters, those that only their umlauts tell from English words."""
