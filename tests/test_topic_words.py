"""The list of words that stand in stories of all kinds, as it is made and as it is shipped."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from tools.topic_words import everyday_words, read_texts

from bot.ingest.topics.word_sets import everyday_words as shipped


def test_words_of_all_kinds_of_texts_are_listed_and_what_few_are_about_is_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "texts.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for n in range(400):
            body = f"It was said on day {n} by people in Ronsby, so they say."
            if n % 100 == 0:
                body += " The vaccine came, and the vaccine went, and the vaccine stayed."
            if n % 100 == 1:
                body += " An estimate of it was made."
            lines.write(json.dumps({"title": f"Text {n}", "body": body}) + "\n")
    listed = everyday_words(read_texts([path]))
    assert {"people", "said", "estimate"} <= set(listed)
    assert not {"vaccine", "ronsby"} & set(listed)
    assert listed == sorted(listed)


def test_the_shipped_list_has_everyday_words_and_no_names_of_things() -> None:
    assert {"company", "government", "estimate", "announced"} <= shipped()
    assert not {"vaccine", "bicycle", "crematorium", "tsunami"} & shipped()
