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
from bot.adapters.model_openai_shapes import as_openai, parsed
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
        (chat(None, "stop", reasoning_details=[{"type": "reasoning.text", "text": "Hm."}]), AnswerIncomplete, True),
        (chat([{"type": "thinking", "thinking": "Hm."}], "stop"), AnswerIncomplete, True),
        (chat("Tea. " * 100_000), AnswerIncomplete, False),
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


def chunk(delta: dict[str, Any], ending: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"delta": delta, "finish_reason": ending}]} | more


def events(*chunks: dict[str, Any]) -> str:
    return "".join(f"data: {json.dumps(each)}\n\n" for each in chunks)


TWO = (chunk({"role": "assistant", "content": "Tea is "}), chunk({"content": "a drink."}, "stop"))
DONE = {"type": "response.completed", "response": responses({"type": "message", "content": TEA})}


@pytest.mark.parametrize(
    "body",
    [
        f": ping\n\n{events(*TWO)}data: [DONE]\n\n",
        events(*TWO).replace("data: ", "data:"),
        events(*TWO).replace("\n\n", "\r\n"),
        events(*TWO, {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}),
        events({"type": "response.created", "response": {"status": "in_progress", "output": []}}, DONE),
        events(chat()) + "data: [DONE]",
        events({"choices": [{"delta": {"content": TEA}, "message": {"content": TEA}, "finish_reason": "stop"}]}),
        events({"message": {"content": TEA}, "done_reason": "stop"}),
        json.dumps(chat(), indent=2) + "\n\ndata: [DONE]\n\n",
        json.dumps(chat()) + "data: [DONE]",
        f"\n\n  {json.dumps(chat())}",
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream"])
def test_an_answer_is_read_whether_it_comes_as_a_stream_or_not(kind: str, body: str) -> None:
    """Gateways stream what nobody asked for, end what is no stream like one, and name the one as the other."""
    response = said(200, {"Content-Type": kind}, body.encode())
    assert not response.failed
    assert whole_text(response.body) == TEA


PIECES = st.lists(st.text(max_size=9), min_size=1, max_size=9)


@given(PIECES, st.sampled_from(["data:", "data: "]), st.sampled_from(["\n", "\r\n", "\n\n", "\n\n: ping\n\n"]))
def test_a_stream_comes_out_as_what_its_chunks_make_together(pieces: list[str], begin: str, end: str) -> None:
    """A stream may be cut anywhere, be it within a word."""
    chunks = [chunk({"content": piece}) for piece in pieces] + [chunk({}, "stop")]
    body = parsed("".join(f"{begin}{json.dumps(each)}{end}" for each in chunks).encode())
    (choice,) = body["choices"]
    assert "".join(choice["message"].get("content", [])) == "".join(pieces)


@pytest.mark.parametrize(
    ("body", "error", "thinking"),
    [
        (events(TWO[0]), AnswerIncomplete, False),
        (events(chunk({"content": "Tea is"}, "length")), AnswerIncomplete, False),
        (events(chunk({"reasoning_content": "Hm."}), chunk({"content": ""}, "stop")), AnswerIncomplete, True),
        (events(chunk({"refusal": "No."}), chunk({}, "stop")), ModelRefused, False),
    ],
)
def test_a_stream_may_be_cut_or_decline_as_any_answer(body: str, error: type[ModelError], thinking: bool) -> None:
    with pytest.raises(error) as caught:
        whole_text(said(200, {}, body.encode()).body)
    assert getattr(caught.value, "thinking", False) is thinking


def test_a_stream_says_its_failure_with_any_status() -> None:
    """A limit met in the middle is waited for, not taken for a text that was cut."""
    limited = said(200, {}, events(TWO[0], {"error": {"message": "Rate limit exceeded", "code": 429}}).encode())
    assert limited.failed
    assert limited.status == 429
    for refused in (
        {"error": {"message": "no", "code": "content_filter"}},
        {"message": "no", "code": "content_filter"},
    ):
        assert said(400, {}, events(refused).encode()).codes == {"content_filter"}
    with pytest.raises(ValueError, match="malformed"):
        parsed(events({"choices": {"delta": 1}}).encode())


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
