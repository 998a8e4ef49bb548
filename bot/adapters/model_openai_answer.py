"""What an answer says: the text for the reader, whole, or the error that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.adapters.model_openai_thoughts import answer_in
from bot.adapters.model_openai_usage import thought
from bot.research.errors import AnswerIncomplete, ModelRefused

# Parts of the words with which servers say that a text ended before its end; whatever says none of them is whole:
# "stop", "eos", "end_turn", "STOP", "stop_sequence", "COMPLETE", null, and nothing at all.
SHORT = (
    "length", "limit", "max", "trunc", "exceed", "incomplete", "repeti",
)  # fmt: skip
FILTERED = (
    "filter", "safety", "sensitive", "blocklist", "blocked", "prohibited", "spii", "guardrail", "toxic", "moderat",
)  # fmt: skip
BROKEN = (
    "error", "tool", "function", "abort", "cancel", "timeout", "resource", "network", "fail", "not_finished",
    "unfinish", "pause", "interrupt", "in_progress", "queued", "recitation", "expired", "malformed",
)  # fmt: skip
DECLINED = (
    "refus", "declin",
)  # fmt: skip
THOUGHTS = ("reasoning_content", "reasoning", "reasoning_details", "thinking")  # where a message has them apart
LONGEST = 400_000  # characters, thinking included: ten times what the longest call may write
MOSTLY = 0.75  # of the tokens of a text that was cut: it was cut for its thinking


@dataclass(frozen=True)
class Written:
    """What a model wrote; ``ending`` is the server's word for its end, ``thinks`` that it thought apart from it."""

    text: str
    ending: str = ""
    refused: bool = False
    thinks: bool = False


def whole_text(body: Any) -> str:
    """The whole text for the reader; raises AnswerIncomplete or ModelRefused, without what was used."""
    try:
        written = _from_responses(body) if "output" in body else _from_chat(body)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise AnswerIncomplete("malformed answer") from error
    if len(written.text) > LONGEST:
        raise AnswerIncomplete("too long", because="it was far too long")
    text = answer_in(written.text)
    readable = (text or "").strip().encode(errors="replace").decode()  # no lone surrogates
    shown = any(map(str.isalnum, readable))  # marks alone, or characters that nobody can see
    _check_ending(written, shown, _short_of_room(body, written, shown))
    if text is None:
        raise AnswerIncomplete("thoughts without end")
    if not shown:
        raise AnswerIncomplete("empty", thinking=written.thinks)
    return readable


def _check_ending(written: Written, shown: bool, thinking: bool) -> None:
    filtered = _says(written.ending, FILTERED)
    if written.refused or _says(written.ending, DECLINED) or (filtered and not shown):
        raise ModelRefused
    if filtered or thinking or _says(written.ending, SHORT + BROKEN):
        raise AnswerIncomplete(written.ending or "empty", thinking=thinking)


def _short_of_room(body: Any, written: Written, shown: bool) -> bool:
    """Whether thinking took the room of the answer: nothing is left of it, or most tokens went into thinking."""
    reasoning, tokens = thought(body)
    mostly = bool(tokens) and reasoning >= MOSTLY * tokens
    if _says(written.ending, SHORT):
        return not shown or mostly
    return not shown and mostly


def _says(ending: str, parts: tuple[str, ...]) -> bool:
    return any(part in ending for part in parts)


def _from_chat(body: Any) -> Written:
    choice = body["choices"][0]
    message = choice.get("message") or choice.get("delta") or {}
    ending = choice.get("finish_reason") or choice.get("native_finish_reason") or body.get("done_reason")
    if not ending and (message.get("tool_calls") or message.get("function_call")):
        ending = "tool_calls"
    content = message.get("content") if message else choice.get("text")
    thinks = any(message.get(name) for name in THOUGHTS) or _thinks(content)
    return Written(_text_of(content), _word(ending), bool(message.get("refusal")) or _refuses(content), thinks)


def _from_responses(body: Any) -> Written:
    items = [item for item in body["output"] if isinstance(item, dict)]
    messages = [item for item in items if item.get("type", "message") == "message"]
    final = [item for item in messages if item.get("phase") in ("final", "final_answer")]
    if not final:
        final = [item for item in messages if item.get("phase") not in ("commentary", "analysis")]
    refused = any(_refuses(item.get("content")) for item in final)
    why = (body.get("incomplete_details") or {}).get("reason")
    states = {_word(each) for each in (body.get("status"), *(item.get("status") for item in final), why)}
    ending = " ".join(sorted(states - {"", "completed"}))
    thinks = any(item.get("type") == "reasoning" for item in items)
    return Written("".join(_text_of(item.get("content")) for item in final), ending, refused, thinks)


def _text_of(content: Any) -> str:
    """The text of a message: it is one, or a list of parts of which some are thoughts."""
    if isinstance(content, list):
        return "".join(_text_of(part) for part in content)
    if isinstance(content, dict):
        kind = content.get("type", "text")
        value = content.get("text") if kind in ("text", "output_text") else ""
        return _text_of(value.get("value") if isinstance(value, dict) else value)
    if content is not None and not isinstance(content, str):
        raise TypeError(type(content).__name__)
    return content or ""


def _refuses(content: Any) -> bool:
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") == "refusal" for part in content
    )


def _thinks(content: Any) -> bool:
    return isinstance(content, list) and any(
        isinstance(part, dict) and str(part.get("type")).startswith(("think", "reason")) for part in content
    )


def _word(ending: Any) -> str:
    """An ending as a word in lower case; SGLang wraps it into an object."""
    if isinstance(ending, dict):
        ending = ending.get("type")
    return str(ending or "").lower()
