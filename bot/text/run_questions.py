"""Questions in runs without spaces: what is asked about, without the words that ask about it.

`リニアはどうなった` is a question about `リニア`, `高考什么时候改革` about `高考` and `改革`,
`출산율은 얼마인가요` about `출산율`. These are the words of questions and the particles that each
language has; no names of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_WORD = re.compile(r"[^\W_]")

_ASK = "教えて|おしえて|知りたい|聞きたい|読みたい|見せて|探して|詳しく|くわしく|説明して|まとめて"
_ABOUT = "について|に関して|に関する|に関連する|をめぐる"
_TOPIC = "は|って|が|も|の|を|で|に"
_WHICH = (
    "どうなった|どうなって(?:い?る|い?ます)|どうなりました|どうなります|どうなる|どうだった|どうして"
    "|どう|いつ|なぜ|なんで|何故|何人|何が|何を|何|なに|なん|誰が|誰|だれ|どこ|どれくらい|どのくらい"
    "|どんな|いくら|本当|ほんと"
)
_IS = "です|でした|になる|になった|なる|なの|だった|のか|から|まで|に|で|の|か|だ|ね|よ"
_JAPANESE = re.compile(
    rf"(?:(?:{_ABOUT})?(?:の(?:ニュース|記事|話題|話|情報|件|こと|続報|詳細))?"
    rf"(?:を|が|は|も)?(?:{_ASK})(?:ください|下さい|ほしい|欲しい|くれる|です|ね|よ|か)*"
    rf"|(?:{_ABOUT})の?(?:ニュース|記事|話題|話|情報)?"
    r"|の(?:ニュース|記事|話題|話|情報|件|続報|詳細|最新情報)"
    rf"|(?:(?:{_TOPIC})|(?<![\u3041-\u309f]))(?:{_WHICH})(?:{_IS})*"
    r"|とは|(?:でしょう|でした|ました|です|ます|なの)か|(?<=[\u3400-\u9fff\u30a1-\u30ff])(?:は|って))\Z"
)
_JAPANESE_MIDDLE = re.compile(
    "(?:は|が|って)(?:誰が|誰に|だれが|いつ|なぜ|なんで|何故|どこ[でにへを]?|どうして|どうやって|何を|何が)"
)
_CHINESE_BEGIN = re.compile(
    r"\A(?:请问|請問|我?想知道|我想[看问問]|请?告诉我|請?告訴我|关于|關於|有关|有關"
    "|为什么|為什麼|为何|為何|怎么|怎麼|谁|誰)"
)
_CHINESE_END = re.compile(
    r"(?:的?(?:最新)?(?:消息|新闻|新聞|情况|情況|进展|進展|报道|報導)|(?:是|有)?(?:"
    "什么时候|什麼時候|何时|何時|怎么样了?|怎麼樣了?|怎么了|怎麼了|怎么回事|怎麼回事|如何"
    "|为什么|為什麼|多少|什么|什麼|谁|誰|哪里|哪裡|哪儿|在哪)(?:钱|錢|人|了|呢|的|吗|嗎)?"
    r"|(?:了|过|過)?(?:没有|沒有|[吗嗎呢吧么没沒])|(?<=\w\w)了)\Z"
)
_CHINESE_MIDDLE = re.compile(
    "什么时候|什麼時候|为什么|為什麼|怎么样|怎麼樣|是不是|有没有|有沒有|会不会|會不會|为何|為何|何时|何時"
)
_KOREAN_WORDS = frozenset(
    """
    대해 대해서 대한 관해 관해서 관한 관련 관련된 알려줘 알려줘요 알려주세요 알려 줘 줘요 주세요
    보여줘 보여주세요 찾아줘 궁금해 궁금해요 궁금합니다 뉴스 소식 기사 언제 누구 누가 얼마 얼마나
    얼마예요 얼마에요 얼마야 왜 어디 어디서 어떻게 어때 어떤 무슨 뭐 뭐야 뭐예요 무엇 몇 정말
    됐어 됐어요 되나 돼 돼요 됐나 됐나요 되나요 했어 했나요 하나요 있나요 있어 있어요 인가요
    """.split()
)
_KOREAN_ASKS = re.compile(
    "(?<=[\uac00-\ud7a3]{2})(?:에 ?대해서?|에 ?관해서?|에 ?대한)?"
    "(?:알려줘요?|알려주세요|궁금해요?|뉴스|소식)?\\Z"
)
_KOREAN_VERB = re.compile(
    "(?<=[\uac00-\ud7a3]{2})(?:(?:했|하|됐|되었|되|하였|이었|였)?(?:나요|는가요?|은가요|ㄴ가요|는지)"
    "|인가요?|(?:했|하였|됐|되었|한|된|하|되|합니|됩니|했습니|됐습니)다|(?:했|됐|되었)(?:어요?|니|지요?)"
    "|해요|돼요|하는|되는|한|된|할|될)\\Z"
)
_KOREAN_PARTICLES = tuple(
    re.compile(f"(?<=[\uac00-\ud7a3]{{2}})(?:{particles})\\Z")
    for particles in (
        # Many nouns end as the second list does: `고양이` is no `고양`.
        "에서는|에서|에는|에게|으로|까지|부터|한테|처럼|보다|라도|[은는을를]",
        "에서는|에서|에는|에게|으로|까지|부터|한테|처럼|보다|라도|이나|[은는을를이가의에로와과도만]",
    )
)


def parts_of_question(typed: str, *, is_alone: bool = False) -> list[str]:
    """Returns what a word without spaces asks about: itself, or the parts of it that tell more.

    Nothing is left of one that only asks.

    Args:
        typed: What stands between two spaces.
        is_alone: True where nothing else was typed.
    """
    if typed.isascii():
        return [typed]
    if _HANGUL.search(typed):
        return list(_korean(typed, is_alone=is_alone))
    if _KANA.search(typed):
        return _has_letters(_JAPANESE_MIDDLE.split(_shortened(typed, _JAPANESE)))
    parts = _CHINESE_MIDDLE.split(_shortened(_CHINESE_BEGIN.sub("", typed), _CHINESE_END))
    return _has_letters(parts if parts != [typed] else [_shortened(typed, _JAPANESE)])


def particle_at_end(typed: str, *, is_alone: bool = False) -> int:
    """Returns where the particle begins that a word of Hangul ends with: its end without one.

    Args:
        typed: The word.
        is_alone: True where nothing else was typed: it may end so then without a particle.
    """
    found = _KOREAN_PARTICLES[not is_alone].search(typed)
    return found.start() if found else len(typed)


def _shortened(typed: str, ending: re.Pattern[str]) -> str:
    """Returns a text without all endings of a kind."""
    before = ""
    while before != typed:
        before, typed = typed, ending.sub("", typed.rstrip("?？。！!"))
    return typed


def _korean(typed: str, *, is_alone: bool) -> Iterator[str]:
    word = typed.rstrip("?？.!")
    if word in _KOREAN_WORDS:
        return
    bare = _KOREAN_VERB.sub("", _KOREAN_ASKS.sub("", word))
    bare = bare[: particle_at_end(bare, is_alone=is_alone and bare == word)]
    if bare not in _KOREAN_WORDS:
        yield bare


def _has_letters(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if _WORD.search(part)]
