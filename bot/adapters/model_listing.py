"""Which of the models that an OpenAI-compatible server lists can hold a conversation, the loaded ones first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Entry = dict[str, Any]

# Servers say under many names what a model is for; no chat model is said to be one of these.
KINDS = ("type", "task", "pipeline_tag", "model_type", "mode", "kind")
OTHER_KINDS = re.compile(
    "embed|rerank|rank|score|speech|stt|tts|asr|transcri|audio|image|video|diffusion|moderation|classif|feature|"
    "similarity|vad|detect|draft|lora"
)
TALKING = {"completion", "completions", "chat", "chat-completion", "generate", "text-generation", "tools", "thinking"}
SPEAKING = ("chat", "completion_chat", "chat_completion", "chat_completions")  # keys of capabilities told as a mapping

# Parts of names, and whole words in names, of models that embed, rank, hear, speak, draw or judge.
PARTS = re.compile("embed|rerank|whisper|diffusion|tts|colbert|mmproj|parakeet|moderation|dall-e|flux")
WORDS = re.compile(
    r"(?<![a-z0-9])(?:"
    "bge|gte|e5|minilm|mpnet|labse|bert|distilbert|roberta|paraphrase|sbert|instructor|uae|splade|clip|siglip|"
    "stt|asr|vad|voxtral|wav2vec|kokoro|piper|bark|orpheus|chatterbox|musicgen|speech|voice|audio|realtime|canary|"
    "sd|sdxl|image|imagen|inpaint|ltx|wan|sora|cogvideox|upscaler|controlnet|vae|"
    "guard|guardian|shieldgemma|promptguard|safeguard|classifier|ocr|reward|prm|draft"
    r")\d*+(?![a-z0-9])"
)
ELSEWHERE = re.compile(r"[-:]cloud\Z")  # Ollama lists models that only run at its maker's


def chat_models(listing: object) -> list[str]:
    """The names of the chat models in what a server answers to ``/v1/models``, those first that are loaded."""
    talking = [entry for entry in _entries(listing) if _talks(entry)]
    return [_name(entry) for entry in sorted(talking, key=lambda entry: not _loaded(entry))]


def names(listing: object) -> list[str]:
    """The names of all models in a listing, whatever they are for."""
    return [_name(entry) for entry in _entries(listing)]


def owner(listing: object) -> str:
    """Who owns the models, by which servers give themselves away; "" if nobody is named."""
    return next((str(entry["owned_by"]) for entry in _entries(listing) if entry.get("owned_by")), "")


def _entries(listing: object) -> Iterator[Entry]:
    """Each model with a name; llama.cpp says in a second list what each is able to do."""
    lists = listing if isinstance(listing, dict) else {"data": listing}
    told = {_name(entry): entry for entry in _dicts(lists.get("models"))}
    for entry in _dicts(lists.get("data")) or list(told.values()):
        if name := _name(entry):
            yield told.get(name, {}) | entry


def _dicts(entries: object) -> list[Entry]:
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _name(entry: Entry) -> str:
    told = (entry.get(key) for key in ("id", "model", "name"))
    return next((name for name in told if isinstance(name, str) and name.strip() and name.isprintable()), "")


def _talks(entry: Entry) -> bool:
    other = any(_other(entry.get(key)) for key in KINDS)
    return not other and _able(entry.get("capabilities")) and _writes(entry) and _named(entry)


def _other(kind: object) -> bool:
    """Whether this is the kind of a model that cannot talk; "image-text-to-text" is one that can also see."""
    said = kind.lower() if isinstance(kind, str) else ""
    return bool(OTHER_KINDS.search(said)) and not said.endswith("text-to-text")


def _able(capabilities: object) -> bool:
    """Whether its capabilities allow for it; none told, or none known, says nothing."""
    if isinstance(capabilities, dict):
        return all(capabilities.get(key, True) for key in SPEAKING)
    told = {each.lower() for each in capabilities if isinstance(each, str)} if isinstance(capabilities, list) else set()
    return bool(told & TALKING) or not any(map(_other, told))


def _writes(entry: Entry) -> bool:
    architecture = entry.get("architecture")
    modalities = architecture.get("output_modalities") if isinstance(architecture, dict) else None
    return not isinstance(modalities, list) or not modalities or "text" in modalities


def _named(entry: Entry) -> bool:
    name = _name(entry).lower()
    return not (PARTS.search(name) or ELSEWHERE.search(name) or WORDS.search(name))


def _loaded(entry: Entry) -> bool:
    """Whether it answers at once: LM Studio says so in ``state``, llama.cpp in ``status``, others list no other."""
    status = entry.get("status")
    state = entry.get("state") or (status.get("value") if isinstance(status, dict) else status)
    return state not in ("not-loaded", "unloaded", "downloading", "loading")
