"""Addresses of endpoints as people copy them, and the ones that are meant."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.adapters.endpoint import Endpoint, likely_address, without_login
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.settings import ModelSettings


@pytest.mark.parametrize(
    ("address", "likely"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("http://localhost:11434/api/chat", "http://localhost:11434/v1"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/responses", "http://localhost:8000/v1"),
        ("https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/models", "https://api.openai.com/v1"),
        ("https://openrouter.ai", "https://openrouter.ai/api/v1"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1"),
        ("https://api.groq.com/openai", "https://api.groq.com/openai/v1"),
        ("https://api.fireworks.ai/inference/v1/chat/completions", "https://api.fireworks.ai/inference/v1"),
        ("https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta/openai"),
        (
            "https://ours.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
            "https://ours.openai.azure.com/openai/v1",
        ),
        ("https://ours.openai.azure.com/openai/v1?api-version=preview", "https://ours.openai.azure.com/openai/v1"),
        (
            "https://ours.cognitiveservices.azure.com/openai/deployments/gpt/chat/completions?api-version=2025-01-01",
            "https://ours.cognitiveservices.azure.com/openai/v1",
        ),
        ("https://ours.services.ai.azure.com/models", "https://ours.services.ai.azure.com/openai/v1"),
        ("https://bedrock-runtime.us-west-2.amazonaws.com", "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1"),
        ("https://ours.us-west-2.elb.amazonaws.com", "https://ours.us-west-2.elb.amazonaws.com/v1"),
        ("https://dashscope-us.aliyuncs.com", "https://dashscope-us.aliyuncs.com/compatible-mode/v1"),
        ("https://coding.dashscope.aliyuncs.com/v1", "https://coding.dashscope.aliyuncs.com/v1"),
        ("https://ark.cn-beijing.volces.com", "https://ark.cn-beijing.volces.com/api/v3"),
        ("https://ark.cn-beijing.volces.com/api/v3", "https://ark.cn-beijing.volces.com/api/v3"),
        ("https://api.deepseek.com", "https://api.deepseek.com"),
        ("https://gateway.example.com/v1/account/our-gateway/compat", "https://gateway.example.com/v1/account/our-gateway/compat"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
    ],
)  # fmt: skip
def test_the_likely_address_is_the_one_before_methods_and_queries(address: str, likely: str) -> None:
    """The SDK appends the method; what is right stays as it is."""
    assert likely_address(address) == likely
    assert likely_address(likely) == likely


@pytest.mark.parametrize(
    "copied", ['"http://localhost:1234/v1"', " http://localhost:1234/v1\n", "'http://localhost:1234/v1' "]
)
def test_quotes_and_spaces_around_an_address_are_none_of_it(copied: str) -> None:
    """Files of settings and copies bring them along."""
    assert ModelSettings(openai_base_url=copied).model_url == "http://localhost:1234/v1"


async def test_a_doubtful_address_is_said_at_the_start_without_what_is_secret_in_it() -> None:
    """Before the first question fails, and not in front of everybody."""
    endpoint = Endpoint(
        "m", "https://me:secret@api.openai.com/v1/chat/completions?key=secret", "x", "chat", 9, local=True
    )
    with capture_logs() as logs:
        async with OpenAIModel(endpoint, ModelQueue(1)):
            pass
    assert [line["likely"] for line in logs] == ["https://api.openai.com/v1"]
    assert without_login("https://me:secret@host/v1?key=secret") == "https://host/v1"
