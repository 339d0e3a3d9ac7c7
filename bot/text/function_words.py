"""Function words of German and Spanish: what is around the words that are meant in a question.

Those are left out that are English words, too, and may be meant as these: `den`, `man`, `son`.
"""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    aber alle als am auch auf aus bei beim bis bitte dann das dass denn der des diese diesem
    diesen dieser dieses doch dort durch ein eine einem einen einer eines erst geben gegen
    gegeben gerade gern gibt habe haben hatte ich ihm ihn ihr ihre ihren im in indem ist ja jede
    jeden jeder jetzt kann kein keine konnen mein meine mich mir mochte mussen nach nicht noch
    nur oder ohne schon sehr seid sein seine seinen seit sich sie sind soll sollen sollte sowie
    und uns unser unter vom von vor wann warum was weil welche welchem welchen welcher welches
    wem wen wenn werden wer weshalb wie wieder wieso wieviel wir wird wohin wurde wurden zu zum
    zur zwischen
    """.split()
) | frozenset(
    """
    acerca algo aqui asi aun cada como cual cuales cuando cuanta cuantas cuanto cuantos del
    desde donde el ella ellas ellos en entre ese eso esta estan estas este esto estos fue fueron
    hasta le les lo me mientras muy ni nos pero por porque que quien quienes se segun sobre sus
    tambien tiene tienen todo todos unas unos y
    """.split()
)
"""Folded, as `bot.text.tokenizer.words` gives them."""

FUNCTION_WORDS_BESIDE = frozenset(
    """
    al ante da de dem du es esa ha han la las los mi mit ob otra otro para ser si so su un una wo ya
    """.split()
)
"""Those that may be names as well: `las vegas`. They are function words beside others."""

FUNCTION_WORDS_AS_TYPED = frozenset({"für", "fuer", "über", "ueber"})
"""In small letters, those that only their umlauts tell from English words."""
