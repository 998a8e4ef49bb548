"""The form for a new run: what is filled in, and how it looks. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.research import words
from bot.research.angles import DEFAULT
from bot.research.errors import Misasked
from bot.research.model import LONGEST_NOTES, LONGEST_TOPIC, SHORTEST_TOPIC, Angle
from bot.research.presets import AUTO, STANDARD, Presets
from bot.research.run_state import Run
from bot.slack.format.blocks import Block, plain_text
from bot.text.typed import fit

FORM = "research.form"
TOPIC, MODE, OWN_ANGLES = "research.form.topic", "research.form.angles_mode", "research.form.angles_own"
DEPTH, NOTES, POST_TO = "research.form.depth", "research.form.notes", "research.form.post_to"
PRESET, PLANNER, OWN = "preset", "planner", "own"  # or the name of a list, behind an @
PLAIN, DEEP = "standard", "deep"
LONGEST_DESCRIPTION, MOST_BUTTONS = 75, 10  # characters; of a choice, before it becomes a menu: Slack takes no more
LONGEST_LIST = 600  # characters of all own angles together


@dataclass(frozen=True)
class Draft:
    """A form as it is filled in.

    ``mode`` says which angles, ``own`` are those of the asker, one a line, ``deep`` that each is split. ``post_to`` is
    "" for where the form is opened. ``origin`` is the channel that it was opened from, ``thread`` the message there
    whose thread takes the run; ``run_id`` the run that it would repeat.
    """

    topic: str = ""
    mode: str = PRESET
    own: str = ""
    notes: str = ""
    post_to: str = ""
    origin: str = ""
    thread: str = ""
    run_id: str = ""
    deep: bool = False

    @classmethod
    def of(cls, run: Run, presets: Presets) -> Draft:
        """A form that would ask the same question as a run."""
        question, place, mode = run.question, run.question.place, _mode_of(run.question.angles, presets)
        own = "\n".join(angle.title for angle in question.angles) if mode == OWN else ""
        where = (place.channel, place.channel, place.thread)
        return cls(question.topic, mode, own, question.notes, *where, run.id, question.deep)

    @classmethod
    def filled(cls, view: dict[str, Any]) -> Draft:
        """What stands in a form that Slack tells of."""
        about = json.loads(view.get("private_metadata") or "{}")
        mode = _chosen(view, MODE) or PRESET
        return cls(
            topic=_typed(view, TOPIC),
            mode=mode,
            own=_typed(view, OWN_ANGLES) if mode == OWN else "",
            notes=_typed(view, NOTES).strip(),
            post_to=_field(view, POST_TO).get("selected_conversation") or "",
            origin=about.get("channel_id") or "",
            thread=about.get("thread_ts") or "",
            run_id=about.get("run_id") or "",
            deep=_chosen(view, DEPTH) == DEEP,
        )

    @property
    def names(self) -> list[str]:
        """Its angles as they are named behind --angles."""
        if self.mode == OWN:
            return self.own.splitlines()
        return [{PRESET: f"@{STANDARD}", PLANNER: AUTO}.get(self.mode, self.mode)]


def _mode_of(angles: tuple[Angle, ...], presets: Presets) -> str:
    if angles in ((), DEFAULT):
        return PRESET if angles else PLANNER
    return next((f"@{name}" for name, its in presets.items() if its == angles), OWN)


def form_view(draft: Draft, presets: Presets, deep: bool) -> Block:
    """The form with this in it; ``presets`` are the lists of angles to choose from, ``deep`` whether depth is."""
    about = {"run_id": draft.run_id or None, "channel_id": draft.origin} | (
        {"thread_ts": draft.thread} if draft.thread else {}
    )
    own = [_own_angles(draft.own)] if draft.mode == OWN else []
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(words.FORM_TITLE),
        "submit": plain_text(words.FORM_SUBMIT),
        "close": plain_text(words.FORM_CLOSE),
        "private_metadata": json.dumps(about),
        "blocks": [
            _topic(draft.topic),
            _mode(draft.mode, presets),
            *own,
            *([_depth(draft.deep)] if deep else []),
            _notes(draft.notes),
            _post_to(draft),
        ],
    }


def _topic(text: str) -> Block:
    element = _text_field(text, LONGEST_TOPIC) | {"min_length": SHORTEST_TOPIC, "focus_on_load": True}
    return _input(TOPIC, words.FORM_TOPIC, element | {"placeholder": plain_text(words.FORM_TOPIC_EXAMPLE)})


def _mode(mode: str, presets: Presets) -> Block:
    options = [
        _option(PRESET, words.FORM_STANDARD, _titles(DEFAULT)),
        _option(PLANNER, words.FORM_PLANNED, words.FORM_PLANNED_SHORT),
        *(_option(f"@{name}", _label(name), _titles(its)) for name, its in presets.items() if name != STANDARD),
        _option(OWN, words.FORM_OWN, words.FORM_OWN_SHORT),
    ]
    chosen = next((option for option in options if option["value"] == mode), options[0])
    kind = "radio_buttons" if len(options) <= MOST_BUTTONS else "static_select"
    element = {"type": kind, "options": options, "initial_option": chosen}
    return _input(MODE, words.FORM_ANGLES, element) | {"dispatch_action": True}


def _option(value: str, label: str, description: str) -> Block:
    return {"text": plain_text(label), "value": value, "description": plain_text(description)}


def _label(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _titles(angles: tuple[Angle, ...]) -> str:
    """What a list of angles holds, as far as there is room for whole names."""
    said = words.capital(", ".join(angle.name for angle in angles))
    if len(said) <= LONGEST_DESCRIPTION:
        return said
    return said[: LONGEST_DESCRIPTION - 2].rpartition(",")[0] + ", …"


def _own_angles(lines: str) -> Block:
    element = _text_field(lines, LONGEST_LIST) | {"multiline": True}
    return _input(OWN_ANGLES, words.FORM_OWN_ANGLES, element) | {"hint": plain_text(words.FORM_OWN_HINT)}


def _depth(deep: bool) -> Block:
    options = [
        _option(PLAIN, words.FORM_PLAIN, words.FORM_PLAIN_SHORT),
        _option(DEEP, words.FORM_DEEP, words.FORM_DEEP_SHORT),
    ]
    element = {"type": "static_select", "options": options, "initial_option": options[deep]}
    return _input(DEPTH, words.FORM_DEPTH, element)


def _notes(text: str) -> Block:
    example = plain_text(words.FORM_NOTES_EXAMPLE)
    element = _text_field(text, LONGEST_NOTES) | {"multiline": True, "placeholder": example}
    return _input(NOTES, words.FORM_NOTES, element, optional=True)


def _post_to(draft: Draft) -> Block:
    here = {"initial_conversation": draft.post_to} if draft.post_to else {"default_to_current_conversation": True}
    element = {
        "type": "conversations_select",
        "placeholder": plain_text(words.FORM_PLACE_EXAMPLE),
        **here,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private", "im"], "exclude_bot_users": False},
    }
    return _input(POST_TO, words.FORM_PLACE, element) | {"hint": plain_text(words.FORM_PLACE_HINT)}


def _text_field(text: str, longest: int) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": longest}
    return element | ({"initial_value": text} if text else {})


def _input(name: str, label: str, element: Block, optional: bool = False) -> Block:
    field = element | {"action_id": name}
    return {"type": "input", "block_id": name, "label": plain_text(label), "element": field, "optional": optional}


def _field(view: dict[str, Any], name: str) -> dict[str, Any]:
    held: dict[str, Any] = view["state"]["values"].get(name, {}).get(name, {})
    return held


def _chosen(view: dict[str, Any], name: str) -> str:
    return str((_field(view, name).get("selected_option") or {}).get("value") or "")


def _typed(view: dict[str, Any], name: str) -> str:
    return fit(_field(view, name).get("value") or "")


def problem(refused: Misasked) -> str:
    """What is wrong with a field of the form, and what to do."""
    return words.FORM_PLACES.get(refused.cause) or words.misasked(refused)
