"""What endpoints send as an answer: whole or cut, as text or in parts, with numbers of usage or nonsense."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai_answer import whole_text
from bot.adapters.model_openai_said import said
from bot.adapters.model_openai_shapes import as_openai, is_stream, joined
from bot.adapters.model_openai_usage import usage
from bot.research.errors import AnswerIncomplete, ModelError, ModelRefused

OPENAI = Endpoint("gpt-4o", "https://api.openai.com/v1", "sk-x", "chat", 90)


def chat(content: Any = "Tea is a drink.", ending: Any = "stop", **more: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": content} | more, "finish_reason": ending}]}


def responses(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "completed", "output": list(items)} | more


def message(text: str = "Tea is a drink.", **more: Any) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}]} | more


def used(reasoning: int, out: int) -> dict[str, Any]:
    details = {"reasoning_tokens": reasoning}
    return {"usage": {"completion_tokens": out, "prompt_tokens": 9, "completion_tokens_details": details}}


WHOLE: list[Any] = ["stop", "STOP", "eos", "eos_token", "end_turn", "stop_sequence", "COMPLETE", "normal", "", None]
WHOLE += [{"type": "stop", "matched": 7}, "finished", "FINISH_REASON_STOP", "unknown"]
CUT: list[Any] = [
    "length",
    "max_tokens",
    "MAX_TOKENS",
    "model_length",
    "token_limit",
    "model_context_window_exceeded",
    "time_limit",
]
CUT += [
    "content_filter",
    "SAFETY",
    "error",
    "tool_calls",
    "function_call",
    "tool_use",
    "abort",
    "cancelled",
    "ERROR_LIMIT",
]
CUT += ["insufficient_system_resource", "network_error", "pause_turn", "not_finished", {"type": "length", "length": 9}]


@pytest.mark.parametrize("ending", WHOLE, ids=str)
def test_a_text_is_whole_unless_its_ending_says_that_it_was_cut(ending: Any) -> None:
    """Servers have a dozen words for the end; a whole answer must not be paid for twice."""
    assert whole_text(chat(ending=ending)) == "Tea is a drink."


@pytest.mark.parametrize("ending", CUT, ids=str)
def test_a_text_that_was_cut_is_none(ending: Any) -> None:
    """Half an answer must not pass for a whole one."""
    with pytest.raises(AnswerIncomplete) as caught:
        whole_text(chat(ending=ending))
    assert not caught.value.thinking


@pytest.mark.parametrize(
    "body",
    [
        chat([{"type": "text", "text": "Tea is "}, {"type": "text", "text": "a drink."}]),
        chat(
            [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                {"type": "text", "text": "Tea is a drink."},
            ]
        ),
        chat([{"type": "output_text", "text": {"value": "Tea is a drink."}}, {"type": "reference", "ids": [1]}]),
        chat(["Tea is ", "a drink."]),
        chat({"type": "text", "text": "Tea is a drink."}),
        {"choices": [{"text": "Tea is a drink.", "finish_reason": "stop"}]},
        {"choices": [{"delta": {"content": "Tea is a drink."}}]},
        chat(reasoning_content="Hm, tea.", tool_calls=[], refusal=None),
        responses(message()),
        responses(
            {"type": "reasoning", "summary": []}, message("I look.", phase="commentary"), message(phase="final_answer")
        ),
        responses(message("I look.", phase="commentary"), message()),
        responses(message("Tea is "), message("a drink.")),
        responses(message(), status=None),
        responses(message(), error=None, incomplete_details=None),
        responses({"content": "Tea is a drink."}),
    ],
)
def test_an_answer_is_found_whatever_its_shape(body: dict[str, Any]) -> None:
    """A list of parts is as much of an answer as a text, and a thinking part is none."""
    assert whole_text(body) == "Tea is a drink."


@pytest.mark.parametrize(
    ("body", "error", "thinking"),
    [
        (chat("", "length"), AnswerIncomplete, True),
        (chat(None, "length"), AnswerIncomplete, True),
        (chat("<think>never", "length"), AnswerIncomplete, True),
        (chat("Tea is", "length") | used(3000, 3200), AnswerIncomplete, True),
        (chat(None, "stop") | used(3190, 3200), AnswerIncomplete, True),
        (chat("", "stop", reasoning_content="Hm."), AnswerIncomplete, True),
        (responses({"type": "reasoning"}, status="incomplete"), AnswerIncomplete, True),
        (responses(status="incomplete", incomplete_details={"reason": "max_output_tokens"}), AnswerIncomplete, True),
        (chat("Tea is", "length") | used(100, 3200), AnswerIncomplete, False),
        (chat("Tea is", "length"), AnswerIncomplete, False),
        (chat("", "stop"), AnswerIncomplete, False),
        (chat("**", "stop"), AnswerIncomplete, False),
        (chat("Let me", None, tool_calls=[{"id": "1"}]), AnswerIncomplete, False),
        (chat(7), AnswerIncomplete, False),
        ({"choices": []}, AnswerIncomplete, False),
        ({"choices": None}, AnswerIncomplete, False),
        ({}, AnswerIncomplete, False),
        (responses(message(), status="in_progress"), AnswerIncomplete, False),
        (responses(message(status="incomplete")), AnswerIncomplete, False),
        (responses({"type": "function_call"}), AnswerIncomplete, False),
        (chat("", "content_filter"), ModelRefused, False),
        (chat(None, "PROHIBITED_CONTENT"), ModelRefused, False),
        (chat(None, "refusal"), ModelRefused, False),
        (chat(None, "stop", refusal="No."), ModelRefused, False),
        (chat([{"type": "refusal", "refusal": "No."}]), ModelRefused, False),
        (responses(status="incomplete", incomplete_details={"reason": "content_filter"}), ModelRefused, False),
        (responses({"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}), ModelRefused, False),
    ],
)
def test_what_is_no_whole_answer_is_told_apart(body: dict[str, Any], error: type[ModelError], thinking: bool) -> None:
    """More room helps a model that thought too long; nothing helps one that declined."""
    with pytest.raises(error) as caught:
        whole_text(body)
    assert getattr(caught.value, "thinking", False) is thinking


def test_a_stream_that_nobody_asked_for_is_read_as_one_answer() -> None:
    """Some gateways stream whatever they are asked; one that ends early is cut."""
    first = b': ping\n\ndata: {"choices": [{"delta": {"content": "Tea is "}}]}\n\n'
    rest = b'data: {"choices": [{"delta": {"content": "a drink."}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    assert whole_text(said(200, {}, joined(first + rest)).body) == "Tea is a drink."
    with pytest.raises(AnswerIncomplete):
        whole_text(said(200, {}, joined(first)).body)


TEA = "Tea is a drink."
PARTS = [{"type": "text", "text": TEA}]


@pytest.mark.parametrize(
    "body",
    [
        {"id": None, "choices": None, "provider": {"id": "gen-1", **chat()}},
        {"result": chat(), "success": True, "errors": []},
        {"result": {"response": TEA}, "success": True, "errors": [], "messages": []},
        {"code": 200, "msg": "success", "data": chat()},
        {"status_code": 200, "message": "", "output": chat()},
        {"response": responses({"type": "message", "content": TEA})},
        {"status": "completed", "output": [], "output_text": TEA},
        {"message": {"role": "assistant", "content": TEA}, "done_reason": "stop", "done": True, "eval_count": 9},
        {"finish_reason": "COMPLETE", "message": {"content": PARTS}, "usage": {"tokens": {"input_tokens": 5}}},
        {"type": "message", "role": "assistant", "content": PARTS, "stop_reason": "end_turn"},
        {**chat(), "error": {"code": 0, "message": ""}},
    ],
)
def test_an_answer_is_found_in_wrappings_and_in_the_forms_of_others(body: dict[str, Any]) -> None:
    """A gateway that forgets to translate an answer has been paid for it all the same."""
    response = said(200, {}, json.dumps(body).encode())
    assert not response.failed
    assert whole_text(response.body) == TEA


def test_an_answer_in_the_form_of_others_may_be_cut_too() -> None:
    with pytest.raises(AnswerIncomplete):
        whole_text(as_openai({"message": {"content": TEA}, "done_reason": "length"}))


def events(*chunks: dict[str, Any]) -> bytes:
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode()


def test_a_stream_says_its_failure_or_its_whole_response() -> None:
    """A limit met in the middle is waited for, not taken for a text that was cut."""
    begun: dict[str, Any] = {"choices": [{"delta": {"content": "Tea"}}]}
    limited = said(200, {}, joined(events(begun, {"error": {"message": "Rate limit exceeded", "code": 429}})))
    assert limited.failed
    assert limited.status == 429
    done = {"type": "response.completed", "response": responses({"type": "message", "content": TEA})}
    created = {"type": "response.created", "response": {"status": "in_progress", "output": []}}
    assert whole_text(said(200, {}, joined(events(created, done))).body) == TEA
    assert is_stream("application/json", events(created))
    with pytest.raises(ValueError, match="malformed"):
        joined(events({"choices": {"delta": 1}}))


@pytest.mark.parametrize(
    ("come", "gone", "tokens"),
    [
        (100, 200, 300),
        (100.4, 199.6, 300),
        ("100", "200", 300),
        (0, 200, 200),
        (-1, 200, None),
        (float("nan"), 200, None),
        (float("inf"), 200, None),
        (1e30, 200, None),
        (10**400, 200, None),
        ("many", 200, None),
        (True, 200, None),
        ([100], 200, None),
        (None, None, None),
        (0, 0, None),
    ],
)
def test_numbers_that_are_no_counts_leave_an_answer_unmetered(come: Any, gone: Any, tokens: int | None) -> None:
    """Unknown is not free, and a wrong number is worse than none; neither costs the text."""
    counted = usage({"usage": {"prompt_tokens": come, "completion_tokens": gone}}, OPENAI, 1)
    assert counted.tokens == tokens
    assert (counted.price is None) is (tokens is None)
    assert counted.price is None or counted.price < Decimal(1)


KEYS = st.sampled_from(["choices", "message", "content", "output", "usage", "type", "text", "finish_reason", "status"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(JSON)
def test_no_body_is_too_odd_to_be_told_whole_or_not(body: Any) -> None:
    """A server that talks nonsense is one of our failures."""
    usage(body, OPENAI, 1)
    with suppress(ModelError):
        assert whole_text(body)
