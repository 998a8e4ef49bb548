"""Which model of a listing is taken: listings as servers really give them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.model_listing import chat_models, names, owner


def listed(*ids: str, owned_by: str = "library", **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": each, "object": "model", "owned_by": owned_by, **more} for each in ids]}


LLAMA_CPP = {
    "models": [
        {"name": "/models/gemma-3-4b-it-Q4_K_M.gguf", "type": "model", "capabilities": ["completion", "multimodal"]}
    ],
    "object": "list",
    "data": [
        {
            "id": "/models/gemma-3-4b-it-Q4_K_M.gguf",
            "aliases": [],
            "object": "model",
            "owned_by": "llamacpp",
            "meta": {"n_ctx_train": 131072, "size": 8015415464},
        }
    ],
}
ROUTER = {
    "object": "list",
    "data": [
        {
            "id": "Qwen3-0.6B-Q4_K_M",
            "owned_by": "llamacpp",
            "status": {"value": "unloaded", "args": ["--model", "x.gguf"]},
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        },
        {"id": "gemma-3-4b", "owned_by": "llamacpp", "status": {"value": "sleeping"}},
        {"id": "mmproj-gemma", "owned_by": "llamacpp", "status": {"value": "unloaded"}},
    ],
}
VLLM = {
    "object": "list",
    "data": [
        {
            "id": "Qwen/Qwen2.5-Coder-7B-Instruct",
            "object": "model",
            "owned_by": "vllm",
            "root": "Qwen/Qwen2.5-Coder-7B-Instruct",
            "parent": None,
            "max_model_len": 32768,
            "permission": [{"id": "modelperm-1", "allow_create_engine": False}],
        }
    ],
}
LM_STUDIO = listed("text-embedding-nomic-embed-text-v1.5", "qwen/qwen3.5-9b", owned_by="organization_owner")
LM_STUDIO_REST = {
    "object": "list",
    "data": [
        {"id": "text-embedding-nomic-embed-text-v1.5", "type": "embeddings", "state": "loaded"},
        {"id": "qwen2-vl-7b-instruct", "type": "vlm", "state": "not-loaded"},
        {"id": "meta-llama-3.1-8b-instruct", "type": "llm", "state": "loaded"},
    ],
}
SPEECH = {
    "object": "list",
    "data": [
        {"id": "Systran/faster-distil-small.en", "task": "automatic-speech-recognition", "language": ["en"]},
        {"id": "speaches-ai/Kokoro-82M-v1.0-ONNX", "task": "text-to-speech"},
    ],
}


@pytest.mark.parametrize(
    ("listing", "first"),
    [
        (listed("llama3.2:latest"), "llama3.2:latest"),
        (listed("bge-m3:latest", "nomic-embed-text:latest", "gpt-oss:20b"), "gpt-oss:20b"),
        (listed("gpt-oss:120b-cloud", "deepseek-v3.1:671b-cloud", "glm-4.6:cloud", "gemma3:4b"), "gemma3:4b"),
        (LM_STUDIO, "qwen/qwen3.5-9b"),
        (LM_STUDIO_REST, "meta-llama-3.1-8b-instruct"),
        (LLAMA_CPP, "/models/gemma-3-4b-it-Q4_K_M.gguf"),
        (ROUTER, "gemma-3-4b"),
        (VLLM, "Qwen/Qwen2.5-Coder-7B-Instruct"),
        ({"models": [{"name": "llama3.2:3b", "model": "llama3.2:3b"}]}, "llama3.2:3b"),
        ([{"id": "mistral-small"}], "mistral-small"),
        (listed("Qwen2-VL", pipeline_tag="image-text-to-text"), "Qwen2-VL"),
        (listed("codestral", capabilities={"completion_chat": True, "fine_tuning": False}), "codestral"),
        (listed("qwen3", capabilities=["completion", "tools", "thinking"]), "qwen3"),
        (listed("llava", capabilities={"vision": True, "trained_for_tool_use": False}), "llava"),
        ({"data": [{"id": ""}, {"id": None}, 7, {"id": "\x1b[2J"}, {"id": "phi-4"}]}, "phi-4"),
    ],
)
def test_the_first_chat_model_is_taken_a_loaded_one_before_others(listing: object, first: str) -> None:
    """To load a model takes longer than the whole run."""
    assert chat_models(listing)[0] == first


@pytest.mark.parametrize(
    "name",
    [
        "nomic-embed-text",
        "mxbai-embed-large:335m",
        "snowflake-arctic-embed2",
        "embeddinggemma:300m",
        "qwen3-embedding:8b",
        "BAAI/bge-large-en-v1.5",
        "intfloat/multilingual-e5-large",
        "Alibaba-NLP/gte-Qwen2-7B-instruct",
        "sentence-transformers/all-MiniLM-L6-v2",
        "paraphrase-multilingual:latest",
        "jina-reranker-v2-base-multilingual",
        "qllama/bge-reranker-v2-m3",
        "jina-colbert-v2",
        "whisper-1",
        "Systran/faster-whisper-large-v3",
        "nvidia/parakeet-tdt-0.6b-v3",
        "tts-1-hd",
        "hexgrad/Kokoro-82M",
        "isaiahbjork_orpheus-3b-0.1-ft",
        "coqui/XTTS-v2",
        "en-us-amy-low.piper",
        "stable-diffusion-xl",
        "stabilityai/sd-turbo",
        "black-forest-labs/FLUX.1-schnell",
        "dall-e-3",
        "Qwen/Qwen-Image",
        "clip-vit-large-patch14",
        "llama-guard3:8b",
        "shieldgemma:9b",
        "omni-moderation-latest",
        "silero-vad-ggml",
        "mmproj-model-f16.gguf",
        "deepseek-ocr",
        "kimi-k2:1t-cloud",
    ],
)
def test_a_model_that_cannot_talk_here_is_told_by_its_name(name: str) -> None:
    """Most servers list all their models and say nothing of what each is for."""
    assert chat_models(listed(name)) == []
    assert names(listed(name)) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "llama3.2",
        "mistralai/Mistral-7B-Instruct-v0.3",
        "deepseek-r1:8b",
        "gemma-3n-e4b-it",
        "phi4-mini",
        "gpt-4o",
        "qwen2.5vl:7b",
        "granite4:tiny-h",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "openbmb/minicpm-v4.5",
        "C:\\models\\Llama-3.2-1B-Instruct-Q4_K_M.gguf",
    ],
)
def test_a_chat_model_is_none_of_these(name: str) -> None:
    assert chat_models(listed(name)) == [name]


@pytest.mark.parametrize(
    "more",
    [
        {"type": "embedding"},
        {"type": "embeddings"},
        {"type": "reranker"},
        {"model_type": "rerank"},
        {"model_type": "image"},
        {"task": "automatic-speech-recognition"},
        {"task": "text-to-speech"},
        {"pipeline_tag": "feature-extraction"},
        {"pipeline_tag": "text-to-image"},
        {"mode": "image_generation"},
        {"capabilities": ["embedding"]},
        {"capabilities": ["audio_transcription"]},
        {"capabilities": {"completion_chat": False}},
        {"architecture": {"output_modalities": ["audio"]}},
        {"architecture": {"output_modalities": ["embeddings"]}},
    ],
)
def test_what_a_server_says_of_a_model_counts(more: dict[str, Any]) -> None:
    """The name alone may be anything."""
    assert chat_models(listed("mine", **more)) == []


@pytest.mark.parametrize(
    "listing",
    [None, {}, [], "ok", 7, {"data": None}, {"data": {}}, {"data": []}, {"error": {"message": "x"}}, listed(), SPEECH],
)
def test_no_listing_and_one_without_a_chat_model_give_nothing(listing: object) -> None:
    assert chat_models(listing) == []


def test_the_owner_tells_the_server() -> None:
    assert [owner(listing) for listing in (LM_STUDIO, LLAMA_CPP, VLLM, None)] == [
        "organization_owner",
        "llamacpp",
        "vllm",
        "",
    ]


KEYS = st.sampled_from(
    ["id", "model", "data", "models", "name", "type", "capabilities", "status", "state", "architecture"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON | st.lists(JSON, max_size=3).map(lambda entries: {"data": entries}))
def test_any_json_is_read(listing: object) -> None:
    """A stranger's program listens there."""
    assert set(chat_models(listing)) <= set(names(listing))
    assert isinstance(owner(listing), str)
