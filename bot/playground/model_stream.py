"""An answer as servers stream it: events of Chat Completions or Responses, in the manners of several providers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DONE = b"data: [DONE]\n\n"
TOKEN = re.compile(r"\s{0,99}\S{1,6}|\s{1,99}")


@dataclass(frozen=True)
class Stream:
    """The events before the first token, one for each token, and those after the last."""

    opening: tuple[bytes, ...]
    tokens: tuple[bytes, ...]
    closing: tuple[bytes, ...]


Manner = Callable[[Stream], Stream]


def plainly(stream: Stream) -> Stream:
    """As OpenAI does it."""
    return stream


def like_azure(stream: Stream) -> Stream:
    """A chunk about the prompt comes first, without choices."""
    verdict = {"hate": {"filtered": False, "severity": "safe"}}
    told = {"choices": [], "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": verdict}]}
    return Stream((_data(told), *stream.opening), stream.tokens, stream.closing)


def like_openrouter(stream: Stream) -> Stream:
    """Comments come while the prompt is read, and lines end as in HTTP."""
    comment = b": OPENROUTER PROCESSING\n\n"
    return _each(Stream((comment, comment, *stream.opening), stream.tokens, stream.closing), b"\n", b"\r\n")


def thinking(stream: Stream) -> Stream:
    """What the model thinks comes before what it says."""
    thought = (_chunk({"reasoning_content": "Hmm"}), _chunk({"reasoning_content": ", tea."}))
    return Stream(stream.opening, (*thought, *stream.tokens), stream.closing)


def without_done(stream: Stream) -> Stream:
    """Nothing marks the end."""
    return Stream(stream.opening, stream.tokens, tuple(event for event in stream.closing if event != DONE))


def without_end(stream: Stream) -> Stream:
    """It stops after the last token."""
    return Stream(stream.opening, stream.tokens, ())


def without_usage(stream: Stream) -> Stream:
    """Nobody says what was used."""
    kept = tuple(event for event in stream.closing if b"prompt_tokens" not in event)
    return Stream(stream.opening, stream.tokens, kept)


def with_usage_in_each(stream: Stream) -> Stream:
    """Every chunk says what was used so far."""
    so_far = b'"usage": {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101}'
    return _each(stream, b'"usage": null', so_far)


def garbled(stream: Stream) -> Stream:
    """Events run into each other."""
    return _each(stream, b"\n\n", b"")


def failing(stream: Stream) -> Stream:
    """In the middle comes an error."""
    error = {"error": {"message": "The server had an error", "type": "server_error", "param": None, "code": None}}
    return Stream(stream.opening, stream.tokens[: len(stream.tokens) // 2], (b"event: error\n" + _data(error),))


def _each(stream: Stream, old: bytes, new: bytes) -> Stream:
    parts = (stream.opening, stream.tokens, stream.closing)
    return Stream(*(tuple(event.replace(old, new) for event in part) for part in parts))


def chat_stream(body: dict[str, Any], with_usage: bool) -> Stream:
    """A whole chat completion in chunks; what it used only where that was asked for."""
    choice = next(iter(body["choices"]), None)
    used = (_data(_envelope([]) | {"usage": body["usage"]}),) if with_usage and "usage" in body else ()
    if choice is None:
        return Stream((), (), (*used, DONE))
    message = choice["message"]
    opening = _chunk({"role": "assistant", "content": "", "refusal": None})
    kind = "refusal" if message["refusal"] else "content"
    tokens = tuple(_chunk({kind: token}) for token in _tokens(message[kind]))
    return Stream((opening,), tokens, (_chunk({}, choice["finish_reason"]), *used, DONE))


def responses_stream(body: dict[str, Any]) -> Stream:
    """A whole response as typed events."""
    begun = body | {"status": "in_progress", "output": [], "usage": None}
    opening = [_event(f"response.{name}", response=begun) for name in ("created", "in_progress")]
    tokens: list[bytes] = []
    for item in body["output"]:
        (part,) = item["content"]
        opening.append(_event("response.output_item.added", item=item | {"status": "in_progress", "content": []}))
        kind = "refusal" if "refusal" in part else "output_text"
        tokens += [_event(f"response.{kind}.delta", delta=token) for token in _tokens(part.get("text", "no"))]
    return Stream(tuple(opening), tuple(tokens), (_event(f"response.{body['status']}", response=body),))


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def _envelope(choices: list[dict[str, Any]]) -> dict[str, Any]:
    whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "local", "service_tier": "default"}
    return whole | {"system_fingerprint": None, "choices": choices, "usage": None, "obfuscation": "b4VqXw2"}


def _chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
    return _data(_envelope([{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]))


def _event(name: str, **more: Any) -> bytes:
    return f"event: {name}\n".encode() + _data({"type": name, "sequence_number": 1, **more})


def _data(of: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(of)}\n\n".encode()
