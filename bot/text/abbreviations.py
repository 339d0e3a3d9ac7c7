"""Abbreviations that end in a full stop, which ends no sentence there."""

from __future__ import annotations

ABBREVIATIONS = frozenset(
    """
    adm approx assn ave blvd bros capt cf cmdr co col corp cpl dept dist dept det dr ed e.g esq
    etc ext fig fr ft gen gov hon hr i.e inc insp intl jr lt ltd maj messrs min mr mrs ms mt mx no
    nos op p pp ph.d pres prof pt pvt rep reps rev rs sec sen sens sgt sq sr st supt univ viz vol vs
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ala ariz calif colo conn fla mich minn okla tenn wis wyo
    bzw dott ee ggf ing inkl jur med mlle mme mudr phil sig sra srta
    """.split()
)
"""Words, in small letters and without their last full stop."""

MAY_CLOSE = frozenset(
    """
    bros co corp dept etc inc intl jr ltd min p ph.d pvt sec sr st
    ala ariz calif colo conn fla mich minn okla tenn wis wyo
    """.split()
)
"""Those of them that often close a sentence too: `… said Kosaido Co. The firm …`"""

BEFORE_NUMBERS = frozenset(
    "abr abs approx art avr bd ca ch dez dic déc ene est fig févr janv juil min mrz no nr okt op "
    "ott p para res sec tel".split()
)
"""Words of their own, too, so that they abbreviate only before a number: `No. 1`, `She said no.`"""

COMPANY_FORMS = frozenset("assn bros co corp dept inc llc ltd plc pty univ".split())
"""Words behind names of companies and the like, which begin no sentence: `Acme Chem. Co.`"""
