"""Every block that an app may send is drawn, and nothing of what it sends runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page import draw
from tests.support.drawn import NAMES, Drawn, Element, harmless, plain

RELEASED = Path(__file__).parents[2] / "released" / "whole_story.json"


def shown(*blocks: Any) -> Drawn:
    return harmless(draw.blocks(list(blocks), NAMES))


def stories(node: Any) -> list[list[Any]]:
    """All lists of blocks in a file."""
    if isinstance(node, dict):
        held = [node["blocks"]] if "blocks" in node else []
        return held + [found for value in node.values() for found in stories(value)]
    return [found for value in node for found in stories(value)] if isinstance(node, list) else []


def test_every_message_of_a_whole_run_is_drawn_with_all_its_words() -> None:
    for blocks in stories(json.loads(RELEASED.read_text("utf-8"))):
        said = " ".join(shown(*blocks).words)
        assert "not drawn here" not in said
        for block in blocks:
            for text in [block.get("text"), block.get("label"), *block.get("elements", [])]:
                if isinstance(text, dict) and text.get("type") == "plain_text":
                    assert " ".join(text["text"].split()) in said


def test_words_stand_in_their_order() -> None:
    blocks = [
        {"type": "header", "text": plain("Research: <tea>")},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Working:* 2"}, "fields": [plain("one"), plain("two")]},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_small_"}, plain("print")]},
        {"type": "markdown", "text": "## Head\nBody"},
    ]
    drawn = shown(*blocks)
    assert drawn.words == ["Research:", "<tea>", "Working:", "2", "one", "two", "small", "print", "Head", "Body"]
    assert [each.tag for each in drawn.elements if each.tag in ("h3", "h4", "hr")] == ["h3", "hr", "h4"]


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def test_what_people_type_is_shown_with_whom_they_mention() -> None:
    typed = rich(
        {"type": "user", "user_id": "U0BOT"},
        {"type": "text", "text": " see\n  it "},
        {"type": "text", "text": "now", "style": {"bold": True, "italic": True}},
        {"type": "channel", "channel_id": "C000000002"},
        {"type": "link", "url": "https://x.org", "text": "page"},
        {"type": "emoji", "name": "eyes"},
        {"type": "broadcast", "range": "here"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "date", "timestamp": 1795169524, "format": "{time}", "fallback": "x"},
        {"type": "color", "value": "#123456"},
        {"type": "hologram"},
    )
    drawn = shown(typed)
    assert drawn.text.strip() == "@U0BOT see\n  it now#energypage👀@here@S110:12#123456[hologram]"
    assert drawn.one("a")["href"] == "https://x.org"
    assert [each.tag for each in drawn.elements if each.tag in ("em", "strong")] == ["strong", "em"]


def test_lists_quotes_and_code_are_shown_as_they_were_typed() -> None:
    def part(kind: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"type": f"rich_text_{kind}", "elements": list(elements), **more}

    item = part("section", {"type": "text", "text": "item"})
    word = {"type": "text", "text": "a <b>"}
    parts = [part("list", item, style="ordered", offset=2), part("list", item, style="bullet", indent=1)]
    drawn = shown({"type": "rich_text", "elements": [*parts, part("quote", word), part("preformatted", word)]})
    assert drawn.one("ol")["start"] == "3"
    assert drawn.one("ul")["class"] == "indent-1"
    assert drawn.words == ["item", "item", "a", "<b>", "a", "<b>"]
    assert drawn.all("blockquote")
    assert drawn.all("pre")


def test_a_table_has_a_head_and_its_columns_keep_their_sides() -> None:
    rows = [
        [{"type": "raw_text", "text": "City"}, {"type": "raw_text", "text": "People"}],
        [
            rich({"type": "text", "text": "Graz"}),
            {"type": "raw_number", "value": 300},
            {"type": "raw_text", "text": "x"},
        ],
    ]
    drawn = shown({"type": "table", "rows": rows, "column_settings": [None, {"align": "right"}]})
    assert drawn.words == ["City", "People", "Graz", "300", "x"]
    cells = [(each.tag, each.attributes.get("class")) for each in drawn.elements if each.tag in ("th", "td")]
    assert cells == [("th", None), ("th", "right"), ("td", None), ("td", "right"), ("td", None)]


def test_a_picture_is_a_link_for_nothing_is_loaded_from_elsewhere() -> None:
    picture = {"type": "image", "image_url": "https://x.org/a.png", "alt_text": "A chart", "title": plain("Prices")}
    context = {"type": "context", "elements": [{"type": "image", "image_url": "data:x", "alt_text": "An icon"}]}
    beside = {
        "type": "section",
        "text": plain("Text"),
        "accessory": {k: picture[k] for k in ("type", "image_url", "alt_text")},
    }
    drawn = shown(picture, context, beside)
    assert [each.attributes["href"] for each in drawn.all("a")] == ["https://x.org/a.png"] * 2
    assert drawn.words == ["A", "chart", "Prices", "An", "icon", "Text", "A", "chart"]


MALFORMED: list[Any] = [
    {},
    None,
    "x",
    {"type": "section", "text": "x"},
    {"type": "actions", "elements": [{"type": "new"}]},
]
MALFORMED += [{"type": "carousel<b>"}, {"type": []}, {"type": "table", "rows": [[3]]}, {"type": "header"}]
MALFORMED += [{"type": "input", "label": plain("x"), "element": {"type": "hologram"}}, {"type": "markdown", "text": 3}]


@pytest.mark.parametrize("block", MALFORMED, ids=str)
def test_a_block_that_is_not_known_is_named_and_those_around_it_are_drawn(block: Any) -> None:
    before, after = {"type": "header", "text": plain("before")}, {"type": "header", "text": plain("after")}
    words = shown(before, block, after).words
    assert (words[0], words[-1]) == ("before", "after")
    assert "not drawn here" in " ".join(words)


def test_fifty_blocks_are_drawn_in_their_order() -> None:
    assert shown(*({"type": "header", "text": plain(f"h{n}")} for n in range(50))).words == [f"h{n}" for n in range(50)]


def test_somebody_has_the_same_initials_and_colour_everywhere() -> None:
    assert "A" in draw.avatar("Asker")
    assert ">TA<" in draw.avatar("Teammate A")
    assert draw.avatar("Teammate A") == draw.avatar("Teammate A")
    assert ">?<" in draw.avatar("\u202e <b>"[:2])
    assert "svg" in draw.avatar("Research", bot=True)


BLOCKS = [block for blocks in stories(json.loads(RELEASED.read_text("utf-8"))) for block in blocks]
SPOILT = st.sampled_from(
    ["<script>x</script>", '" onclick="x', "javascript:x", "data:x", "\u202e", "\ud800", "\0", "*<b>*"]
)


def spoiled(node: Any, leaf: int, value: Any) -> tuple[Any, int]:
    """The same with another value at this leaf; also how many leaves are left to pass."""
    if not isinstance(node, dict | list):
        return (value if leaf == 0 else node), leaf - 1
    copy: Any = node.copy()
    for key in list(node) if isinstance(node, dict) else range(len(node)):
        copy[key], leaf = spoiled(node[key], leaf, value)
    return copy, leaf


@given(st.sampled_from(BLOCKS), st.integers(0, 30), st.one_of(SPOILT, st.none(), st.integers(), st.lists(SPOILT)))
def test_whatever_an_app_sends_nothing_of_it_runs(block: Any, leaf: int, value: Any) -> None:
    html = draw.blocks([spoiled(block, leaf, value)[0]], NAMES)
    html.encode()
    harmless(html)


def test_what_a_test_looks_at_is_what_a_browser_would_run() -> None:
    """The eyes of these tests: they must see what they are there for."""
    for html in ("<p onclick='x'></p>", "<script></script>", "<a href='javascript:x'></a>", "<p>", "<!-- x -->"):
        with pytest.raises(AssertionError):
            harmless(html)
    assert harmless("<p>a<br>b</p>").elements[1] == Element("br", {}, ("p",))
