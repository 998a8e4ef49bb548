"""Answers of other forms, brought into the one that OpenAI gives them: wrapped by gateways, native, or streamed."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import from_json

UNENDED = "aborted"  # how a stream ends that does not say how
LAST = b"[DONE]"  # the data of a stream's last event
TOKEN = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*')  # what may stand between the quotes of JSON
DELTA = re.compile(  # an event with a token, of its text or of its thinking
    rb'(.{0,999}?"delta": ?\{(?:"role": ?"assistant", ?)?"(?:content|reasoning(?:_content)?)": ?")'
    rb'([^"\\]*(?:\\.[^"\\]*)*)(".*)'
)
WRAPPINGS = ("result", "data", "provider", "response", "output")  # where gateways put the answer of somebody else


def as_openai(body: Any) -> Any:
    """The answer as OpenAI would give it; whatever else it is stays as it came."""
    if not isinstance(body, dict) or _is_answer(body) or body.get("error"):
        return body
    for inner in (body.get(key) for key in WRAPPINGS):
        if isinstance(inner, dict) and (answer := _answer(inner)):
            return {"usage": body.get("usage"), **answer}
    return _answer(body) or body


def parsed(content: bytes) -> Any:
    """The JSON of a body, or what a stream of events makes, whatever its type says that it is; raises ValueError.

    Some servers stream what was not asked for as a stream, some end what is none like one.
    """
    content = content.strip()
    if content.endswith(LAST):
        content = content.removesuffix(LAST).rstrip().removesuffix(b"data:")
    try:
        return json.loads(content)
    except ValueError:
        events = [] if content.startswith(b"<") else _events(content)
        if not events:
            raise
        try:
            return _final(_read(events[-1:])) or _joined(_read(_merged(events)))
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise ValueError("malformed stream") from error


def _events(content: bytes) -> list[bytes]:
    data = [line[5:].strip() for line in content.splitlines() if line.startswith(b"data:")]
    return [each for each in data if each.startswith(b"{")]


def _merged(events: list[bytes]) -> list[bytes]:
    """Fewer events that say the same: neighbours that differ in their token alone become one with all their tokens.

    Reading each by itself would take most of the time that a stream takes.
    """
    merged: list[bytes] = []
    before, tokens, behind = b"", list[bytes](), b""
    for event in events:
        token = event[len(before) : len(event) - len(behind)]
        if tokens and event == before + token + behind and TOKEN.fullmatch(token):
            tokens.append(token)
            continue
        merged.append(before + b"".join(tokens) + behind)
        found = DELTA.match(event)
        before, tokens, behind = (found[1], [found[2]], found[3]) if found else (event, [], b"")
    return [*merged[1:], before + b"".join(tokens) + behind]


def _read(events: list[bytes]) -> list[dict[str, Any]]:
    together = b"[%b]" % b",".join(events)
    try:
        chunks: list[dict[str, Any]] = from_json(together, cache_strings="keys")
    except ValueError:  # it takes half the time, and no half characters
        chunks = json.loads(together)
    return chunks


def _joined(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    return _final(chunks) or (_of_chunks(chunks) if any("choices" in chunk for chunk in chunks) else chunks[-1])


def _final(chunks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The whole response, or the failure, that the last of these has which has one."""
    for chunk in reversed(chunks):
        response = chunk.get("response")
        if isinstance(response, dict) and response.get("status") not in ("in_progress", "queued"):
            return response
        if chunk.get("error") or chunk.get("type") == "error":
            return chunk if chunk.get("error") else {"error": chunk}
    return None


def _of_chunks(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """One answer: what the chunks add to each other, or the whole message that one of them has."""
    choices = [chunk["choices"][0] for chunk in chunks if chunk.get("choices")]
    deltas = [choice.get("delta") or {} for choice in choices]
    rare = [delta for delta in deltas if len(delta) != 1 or "content" not in delta]  # tokens have that and nothing else
    message = {
        key: value
        for part in (*(choice.get("message") or {} for choice in choices), *rare)
        for key, value in part.items()
        if value
    }
    written = [delta["content"] for delta in deltas if delta.get("content")]
    if written:
        message["content"] = [each for part in written for each in (part if isinstance(part, list) else [part])]
    ending = next((choice["finish_reason"] for choice in reversed(choices) if choice.get("finish_reason")), UNENDED)
    used = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
    return {"choices": [{"message": message, "finish_reason": ending}], "usage": used}


def is_told(body: Any) -> bool:
    """Whether what a stream made says how it ended and what it used."""
    if not isinstance(body, dict) or not body.get("usage"):
        return False
    choices = body.get("choices")
    told = choices if isinstance(choices, list) else []
    return not any(isinstance(choice, dict) and choice.get("finish_reason") == UNENDED for choice in told)


def _is_answer(body: dict[str, Any]) -> bool:
    return any(isinstance(body.get(key), list) and bool(body[key]) for key in ("choices", "output"))


def _answer(body: dict[str, Any]) -> dict[str, Any] | None:
    """An answer in OpenAI's form or in that of Ollama, Cohere, Anthropic or Cloudflare; None if it is none of them."""
    if _is_answer(body):
        return body
    ending = body.get("done_reason") or body.get("finish_reason") or body.get("stop_reason")
    message = body.get("message")
    if isinstance(message, dict) and "content" in message:
        return _chat(message, ending, body)
    if isinstance(body.get("content"), list) and "stop_reason" in body:
        return _chat({"content": body["content"]}, ending, body)
    text = body.get("response") or (body.get("output_text") if body.get("status") == "completed" else None)
    return _chat({"content": text}, ending, body) if isinstance(text, str) else None


def _chat(message: dict[str, Any], ending: Any, body: dict[str, Any]) -> dict[str, Any]:
    used = body.get("usage")
    if isinstance(used, dict) and isinstance(used.get("tokens"), dict):
        used = used["tokens"]
    if "eval_count" in body:
        used = {"prompt_tokens": body.get("prompt_eval_count"), "completion_tokens": body["eval_count"]}
    return {"choices": [{"message": message, "finish_reason": ending}], "usage": used}
