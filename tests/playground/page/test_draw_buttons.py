"""What can be used in a message says which action it stands for, and is named by the words that people see."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.page import draw
from tests.support.drawn import NAMES, TEAM, Drawn, harmless, plain


def used(element: dict[str, Any], **around: Any) -> Drawn:
    """One element in a row of buttons."""
    row = {"type": "actions", "block_id": "b1", "elements": [element | {"action_id": "act"}]}
    return harmless(draw.blocks([row], NAMES, **around))


def test_a_button_is_named_by_its_words_and_says_its_action() -> None:
    element = {
        "type": "button",
        "text": plain("Stop"),
        "style": "danger",
        "accessibility_label": "Stop research on tea",
    }
    button = used(element).one("button")
    assert (button["data-action"], button["data-block"], button["class"]) == ("act", "b1", "button danger")
    assert "aria-label" not in button  # which would hide the word that people read and say
    assert button["title"] == "Stop research on tea"


def test_a_button_that_asks_first_holds_what_it_asks_in_words() -> None:
    asked: dict[str, Any] = {
        "title": plain("Stop?"),
        "text": {"type": "mrkdwn", "text": "*Angles* of <@U0ASKER> &amp; more"},
    }
    asked |= {"confirm": plain("Stop"), "deny": plain("Keep"), "style": "danger"}
    confirm = json.loads(
        used({"type": "button", "text": plain("Stop"), "confirm": asked}).one("button")["data-confirm"] or ""
    )
    assert confirm["text"] == "Angles of @Asker & more"
    assert (confirm["title"], confirm["confirm"], confirm["deny"], confirm["style"]) == (
        "Stop?",
        "Stop",
        "Keep",
        "danger",
    )


def test_a_button_with_an_address_is_a_link() -> None:
    link = used({"type": "button", "text": plain("Read"), "url": "https://x.org/a"}).one("a")
    assert (link["href"], link["target"], link["rel"]) == ("https://x.org/a", "_blank", "noopener noreferrer")
    assert (link["data-action"], link["data-block"]) == ("act", "b1")  # Slack tells of it as of any button
    inside = used({"type": "button", "text": plain("Read"), "url": f"{TEAM}archives/C1/p1"}).one("a")
    assert inside["href"] == "/archives/C1/p1"
    assert "data-within" in inside
    assert "target" not in inside


def test_a_button_whose_address_is_neither_cannot_be_pressed() -> None:
    drawn = used({"type": "button", "text": plain("Read"), "url": "javascript:alert(1)"})
    assert not drawn.all("a")
    assert "disabled" in drawn.one("button")


def test_a_menu_opens_with_a_button_and_offers_each_option() -> None:
    options = [{"text": plain("Export"), "value": "export:r_1"}, {"text": plain("Again"), "value": "again:r_1"}]
    opener, *items = used({"type": "overflow", "options": options}).all("button")
    assert (opener.attributes["aria-haspopup"], opener.attributes["aria-expanded"]) == ("menu", "false")
    assert opener.attributes["aria-label"] == "More actions"
    assert [each.attributes["data-option"] for each in items] == ["export:r_1", "again:r_1"]
    assert {each.attributes["role"] for each in items} == {"menuitem"}
    assert {each.attributes["data-action"] for each in items} == {"act"}


def test_thumbs_tell_which_of_them_is_pressed() -> None:
    thumbs = {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Useful"), "value": "up", "accessibility_label": "The report is useful"},
        "negative_button": {"text": plain("Not useful"), "value": "down"},
    }
    assert [each.attributes["aria-pressed"] for each in used(thumbs).all("button")] == ["false", "false"]
    useful, other = used(thumbs, state={"b1": {"act": "down"}}).all("button")
    assert (useful.attributes["aria-pressed"], other.attributes["aria-pressed"]) == ("false", "true")
    assert (useful.attributes["data-option"], useful.attributes["title"]) == ("up", "The report is useful")


def test_a_menu_beside_a_text_is_named_by_the_text() -> None:
    options = [{"text": plain("Short"), "value": "s"}, {"text": plain("Long"), "value": "l"}]
    select = {"type": "static_select", "action_id": "length", "options": options, "initial_option": options[1]}
    section = {"type": "section", "block_id": "b1", "text": {"type": "mrkdwn", "text": "*Length*"}, "accessory": select}
    drawn = harmless(draw.blocks([section], NAMES))
    assert drawn.one("select") == {"data-action": "length", "data-block": "b1", "aria-label": "Length"}
    assert [("selected" in each.attributes, each.attributes["value"]) for each in drawn.all("option")] == [
        (False, "s"),
        (True, "l"),
    ]
    typed = harmless(draw.blocks([section], NAMES, {"b1": {"length": "s"}}))
    assert [each.attributes["value"] for each in typed.all("option") if "selected" in each.attributes] == ["s"]


def test_menus_of_people_and_places_offer_those_of_the_workspace() -> None:
    def offered(kind: str, **more: Any) -> list[tuple[str | None, bool]]:
        options = used({"type": kind, **more}).all("option")
        return [(each.attributes["value"], "selected" in each.attributes) for each in options]

    assert offered("users_select", initial_user="U0MATE")[:2] == [("U0ASKER", False), ("U0MATE", True)]
    assert [value for value, _ in offered("channels_select")] == ["", "C000000001", "C000000002"]
    assert offered("conversations_select", initial_conversation="D000000003")[-1] == ("D000000003", True)
    assert offered("conversations_select", initial_conversation="C9GONE")[-1] == ("C9GONE", True)
    assert [v for v, chosen in offered("multi_users_select", initial_users=["U0ASKER", "U0MATE"]) if chosen] == [
        "U0ASKER",
        "U0MATE",
    ]


def test_options_may_stand_in_groups() -> None:
    groups = [{"label": plain("Warm"), "options": [{"text": plain("Tea"), "value": "t"}]}]
    drawn = used({"type": "static_select", "option_groups": groups, "placeholder": plain("Which?")})
    assert drawn.one("optgroup") == {"label": "Warm"}
    assert [each.attributes["value"] for each in drawn.all("option")] == ["", "t"]
    assert drawn.words == ["Which?", "Tea"]
