"""Answers of other forms, brought into the one that OpenAI gives them: wrapped by gateways, native, or streamed."""

from __future__ import annotations

import json
from typing import Any

WRAPPINGS = ("result", "data", "provider", "response", "output")  # where gateways put the answer of somebody else


def as_openai(body: Any) -> Any:
    """The answer as OpenAI would give it; whatever else it is stays as it came."""
    if not isinstance(body, dict) or _is_answer(body) or body.get("error"):
        return body
    for inner in (body.get(key) for key in WRAPPINGS):
        if isinstance(inner, dict) and (answer := _answer(inner)):
            return {"usage": body.get("usage"), **answer}
    return _answer(body) or body


def is_stream(content_type: str, content: bytes) -> bool:
    """Whether a body is a stream of events, whatever it says that it is."""
    return content_type.startswith("text/event-stream") or content.lstrip()[:6] in (b"data: ", b"event:")


def joined(content: bytes) -> bytes:
    """The chunks of a stream as the one answer that they make, or the failure that one tells of; raises ValueError."""
    try:
        return json.dumps(_joined(content)).encode()
    except (AttributeError, IndexError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("malformed stream") from error


def _joined(content: bytes) -> dict[str, Any]:
    lines = (line[5:] for line in content.splitlines() if line[:6].strip() == b"data:" and b"{" in line)
    chunks = [chunk for chunk in map(json.loads, lines) if isinstance(chunk, dict)]
    for chunk in reversed(chunks):
        response = chunk.get("response")
        if isinstance(response, dict) and response.get("status") not in ("in_progress", "queued"):
            return response
        if chunk.get("error") or chunk.get("type") == "error":
            return chunk if chunk.get("error") else {"error": chunk}
    return _of_chunks(chunks)


def _of_chunks(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    choices = [chunk["choices"][0] for chunk in chunks if chunk.get("choices")]
    parts = [(choice.get("delta") or {}).get("content") for choice in choices]
    ending = next((choice["finish_reason"] for choice in reversed(choices) if choice.get("finish_reason")), "aborted")
    used = next((chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage")), None)
    content = [each for part in parts for each in (part if isinstance(part, list) else [part])]
    return {"choices": [{"message": {"content": content}, "finish_reason": ending}], "usage": used}


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
