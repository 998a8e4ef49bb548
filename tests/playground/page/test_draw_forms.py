"""A form's fields say what they are, what they hold and what is wrong with it, to eyes and ears alike."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page import draw
from tests.support.drawn import NAMES, Drawn, harmless, plain

ERRORS = {"b1": "You have 7 angles; the most is 6."}


def field(element: dict[str, Any], state: Any = None, errors: dict[str, str] | None = None, **block: Any) -> Drawn:
    """A form with this field."""
    it = {
        "type": "input",
        "block_id": "b1",
        "label": plain("Topic"),
        "element": element | {"action_id": "act"},
        **block,
    }
    return harmless(draw.blocks([it], NAMES, {"b1": {"act": state}} if state is not None else None, errors))


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": plain(value.title()), "value": value, "description": plain(f"{value} things")} for value in values]


def test_a_field_is_named_by_its_label() -> None:
    element = {"type": "plain_text_input", "min_length": 2, "max_length": 300, "placeholder": plain("For example: tea")}
    drawn = field(element | {"focus_on_load": True, "initial_value": "tea & <co>"})
    text = drawn.one("input")
    assert drawn.one("label")["for"] == text["id"]
    assert (text["data-field"], text["data-block"], text["type"]) == ("act", "b1", "text")
    assert (text["value"], text["placeholder"]) == ("tea & <co>", "For example: tea")
    assert (text["minlength"], text["maxlength"]) == ("2", "300")
    assert {"required", "autofocus"} <= text.keys()
    assert "data-action" not in text


def test_what_may_be_left_out_says_so() -> None:
    drawn = field({"type": "plain_text_input"}, optional=True)
    assert drawn.words == ["Topic", "(optional)"]
    assert "required" not in drawn.one("input")


def test_what_is_wrong_stands_before_the_hint_and_belongs_to_the_field() -> None:
    drawn = field({"type": "plain_text_input"}, errors=ERRORS, hint=plain("One a line."))
    wrong, hint = drawn.all("p")
    assert (wrong.attributes["class"], hint.attributes["class"]) == ("error", "hint")
    text = drawn.one("input")
    assert text["aria-invalid"] == "true"
    assert text["aria-describedby"] == f"{wrong.attributes['id']} {hint.attributes['id']}"
    assert " ".join(drawn.words) == "Topic ✕ You have 7 angles; the most is 6. One a line."


def test_a_field_without_errors_is_not_called_wrong() -> None:
    assert (
        field({"type": "plain_text_input"}, errors={"b2": "no"})
        .one("input")
        .keys()
        .isdisjoint({"aria-invalid", "aria-describedby"})
    )


def test_what_was_typed_stands_there_again() -> None:
    assert field({"type": "plain_text_input", "initial_value": "old"}, "new").one("input")["value"] == "new"
    assert field({"type": "plain_text_input", "initial_value": "old"}, "").one("input")["value"] == ""


@given(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=40))
def test_every_line_that_was_typed_is_kept(text: str) -> None:
    """A browser drops the first line break in such a field, so there is one more."""
    drawn = field({"type": "plain_text_input", "multiline": True}, text)
    assert drawn.text.split("Topic\n", 1)[1].removesuffix("\n") == text


def test_circles_are_one_choice_with_a_name_of_its_own() -> None:
    drawn = field({"type": "radio_buttons", "options": options("plain", "deep")}, "deep", dispatch_action=True)
    group = drawn.one("fieldset")
    assert (group["data-field"], group["data-action"], group["data-block"]) == ("act", "act", "b1")
    boxes = [each.attributes for each in drawn.all("input")]
    assert [(box["type"], box["value"], "checked" in box) for box in boxes] == [
        ("radio", "plain", False),
        ("radio", "deep", True),
    ]
    assert len({box["name"] for box in boxes}) == 1
    assert [each.attributes["for"] for each in drawn.all("label")] == [box["id"] for box in boxes]
    assert drawn.words[0] == "Topic"
    assert drawn.all("legend")


def test_boxes_hold_several_choices() -> None:
    drawn = field({"type": "checkboxes", "options": options("a", "b", "c")}, ["a", "c"])
    assert [each.attributes["value"] for each in drawn.all("input") if "checked" in each.attributes] == ["a", "c"]
    none = field({"type": "checkboxes", "options": options("a"), "initial_options": options("a")}, [])
    assert not [each for each in none.all("input") if "checked" in each.attributes]


def test_a_menu_begins_with_nothing_chosen() -> None:
    drawn = field({"type": "conversations_select", "placeholder": plain("Select a channel")})
    assert [each.attributes["value"] for each in drawn.all("option")] == ["", "C000000001", "C000000002", "D000000003"]
    assert " ".join(drawn.words) == "Topic Select a channel #general #energy Research"
    assert "required" in drawn.one("select")


def test_days_times_and_numbers_have_fields_of_their_kind() -> None:
    kinds = ("datepicker", "timepicker", "email_text_input", "url_text_input", "number_input")
    drawn = [field({"type": kind}).one("input") for kind in kinds]
    assert [each["type"] for each in drawn] == ["date", "time", "email", "url", "text"]
    assert drawn[-1]["inputmode"] == "decimal"
    assert field({"type": "datepicker", "initial_date": "2026-11-20"}).one("input")["value"] == "2026-11-20"


def test_two_forms_at_once_have_no_id_in_common() -> None:
    block = {"type": "input", "block_id": "b 1", "label": plain("Topic")}
    block["element"] = {"type": "plain_text_input", "action_id": "act"}
    one, other = (harmless(draw.blocks([block], NAMES, place=place)).one("input")["id"] for place in ("V1", "V2"))
    assert one != other
    assert " " not in str(one)
