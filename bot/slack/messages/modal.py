"""The form for a new run: what is filled in, and how it looks. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.research import words
from bot.research.angles import DEFAULT
from bot.research.errors import Misasked
from bot.research.model import LONGEST_NOTES, LONGEST_TOPIC, SHORTEST_TOPIC
from bot.research.run_state import Run
from bot.slack.format.blocks import Block, plain_text
from bot.slack.format.escape import fit

FORM = "research.form"
TOPIC, MODE, OWN_ANGLES = "research.form.topic", "research.form.angles_mode", "research.form.angles_own"
NOTES, POST_TO = "research.form.notes", "research.form.post_to"
PRESET, OWN = "preset", "own"
LONGEST_LIST = 600  # characters of all own angles together


@dataclass(frozen=True)
class Draft:
    """A form as it is filled in.

    ``angles`` is None for the standard ones, else one a line. ``post_to`` is "" for where the form is opened.
    ``origin`` is the channel that it was opened from, ``thread`` the message there whose thread takes the run;
    ``run_id`` the run that it would repeat.
    """

    topic: str = ""
    angles: str | None = None
    notes: str = ""
    post_to: str = ""
    origin: str = ""
    thread: str = ""
    run_id: str = ""

    @classmethod
    def of(cls, run: Run) -> Draft:
        """A form that would ask the same question as a run."""
        question = run.question
        own = None if question.angles == DEFAULT else "\n".join(angle.title for angle in question.angles)
        place = question.place
        return cls(question.topic, own, question.notes, place.channel, place.channel, place.thread, run.id)

    @classmethod
    def filled(cls, view: dict[str, Any]) -> Draft:
        """What stands in a form that Slack tells of."""
        about = json.loads(view.get("private_metadata") or "{}")
        mode = (_field(view, MODE).get("selected_option") or {}).get("value")
        return cls(
            topic=_typed(view, TOPIC),
            angles=_typed(view, OWN_ANGLES) if mode == OWN else None,
            notes=_typed(view, NOTES).strip(),
            post_to=_field(view, POST_TO).get("selected_conversation") or "",
            origin=about.get("channel_id") or "",
            thread=about.get("thread_ts") or "",
            run_id=about.get("run_id") or "",
        )


def form_view(draft: Draft) -> Block:
    """The form with this in it."""
    about = {"run_id": draft.run_id or None, "channel_id": draft.origin} | (
        {"thread_ts": draft.thread} if draft.thread else {}
    )
    own = [] if draft.angles is None else [_own_angles(draft.angles)]
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(words.FORM_TITLE),
        "submit": plain_text(words.FORM_SUBMIT),
        "close": plain_text(words.FORM_CLOSE),
        "private_metadata": json.dumps(about),
        "blocks": [_topic(draft.topic), _mode(draft.angles is not None), *own, _notes(draft.notes), _post_to(draft)],
    }


def _topic(text: str) -> Block:
    element = _text_field(text, LONGEST_TOPIC) | {"min_length": SHORTEST_TOPIC, "focus_on_load": True}
    return _input(TOPIC, words.FORM_TOPIC, element | {"placeholder": plain_text(words.FORM_TOPIC_EXAMPLE)})


def _mode(own: bool) -> Block:
    names = ", ".join(angle.title.lower() for angle in DEFAULT)
    options = [
        {"text": plain_text(words.FORM_STANDARD), "value": PRESET, "description": plain_text(names.capitalize())},
        {"text": plain_text(words.FORM_OWN), "value": OWN, "description": plain_text(words.FORM_OWN_SHORT)},
    ]
    element = {"type": "radio_buttons", "options": options, "initial_option": options[own]}
    return _input(MODE, words.FORM_ANGLES, element) | {"dispatch_action": True}


def _own_angles(lines: str) -> Block:
    element = _text_field(lines, LONGEST_LIST) | {"multiline": True}
    return _input(OWN_ANGLES, words.FORM_OWN_ANGLES, element) | {"hint": plain_text(words.FORM_OWN_HINT)}


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


def _typed(view: dict[str, Any], name: str) -> str:
    return fit(_field(view, name).get("value") or "")


def problem(refused: Misasked) -> str:
    """What is wrong with a field of the form, and what to do."""
    return words.FORM_PLACES.get(refused.cause) or words.misasked(refused)
