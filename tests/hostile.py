"""Texts that mean no good, and what must be left of them."""

from __future__ import annotations

import os
import unicodedata

from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
"""How many texts are tried: more with the variable set."""

NASTY = (
    "<b>bold</b> & <a href='tg://user?id=1'>x</a> </b> &lt; &amp;lt; &#0; &nbsp;",
    "@everyone @here @durov hello@durov.com .@durov (@durov) @durov@durov",
    "<@123456789012345678> <@&123456789012345678> <#123456789012345678> </search:1>",
    "[masked](https://evil.example) [x](<javascript:alert(1)>) ![i](https://evil.example/i.png)",
    "javascript:alert(1) data:text/html,x tg://resolve?domain=durov ton://transfer/x ftp://a.exam",
    "discord.gg/abcdef https://discord.gg/abcdef discord.com/invite/abcdef t.me/joinchat/x foo.ton",
    "**bold** __under__ *it* _it_ ~~gone~~ ||spoiler|| `code` ```block``` > quote\n# Head\n- list",
    "<t:0:R> <a:wave:123456789012345678> :wave: \\ \\* \\_ \\` \\\\",
    "\u202eevil\u202c \u200b\u200c\u200d\ufeff \u2066x\u2069 zero\0null \x1b[31mred",
    "\x07 \r\n \u2028 \u2029",
    "👩‍👩‍👧‍👦" * 60,
    "🇯🇵" * 200,
    "e\u0301" * 500,
    "\U0001f468\U0001f3fd\u200d\U0001f680" * 80,
    "大阪万博の建設費が膨らむ" * 60,
    "מחיר הביטקוין עולה العربية " * 40,
    "W" * 5_000,
    "word " * 1_500,
    "\n\n\n",
    "   ",
    "/start /latest@OtherBot #tag $USD +1 555 123 4567 4111 1111 1111 1111",
    "1. a\n2. b\n   - c\n-# small\n>>> all",
    "http://exa_mple.com/_under_*star*~ https://example.com/a(b)c_[d]",
)

_PIECES = st.sampled_from(NASTY) | st.text(max_size=60)
HOSTILE = st.lists(_PIECES, min_size=1, max_size=4).map(" ".join) | st.text(
    st.sampled_from("<>&;/a@*_`[]()|~#\\:.tgon\u200d\u0301👩🇯 \n\"'"), max_size=120
)


def seen(text: str) -> str:
    """What a person sees of a text: no blanks, and nothing that takes no room."""
    return "".join(
        sign
        for sign in text
        if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Cn", "Co"}
    )
