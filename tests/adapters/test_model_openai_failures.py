"""What endpoints send when something is wrong, as public reports and error lists show it, and what it means."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters.endpoint import Endpoint, next_address
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_openai_failure import meaning
from bot.adapters.model_openai_said import Said, said
from bot.adapters.model_openai_waits import wait
from bot.adapters.model_queue import ModelQueue
from bot.research.errors import (
    AnswerIncomplete,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelRefused,
    NotServedHere,
    OutOfCredit,
    ProviderDown,
    RateLimited,
    RequestRejected,
)
from bot.research.ports import Call, Priority

Body = Any


def came(status: int, body: Body, headers: dict[str, str] | None = None) -> Said:
    return said(status, headers or {}, body.encode() if isinstance(body, str) else json.dumps(body).encode())


def openai(message: str, code: str | int | None = None, kind: str | None = None, **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}


QUOTA = "You exceeded your current quota, please check your plan and billing details."
HTML = "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>"
GEMINI_KEY = {
    "code": 400,
    "message": "API key not valid. Please pass a valid API key.",
    "status": "INVALID_ARGUMENT",
    "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
}
CREDIT = [
    (429, openai(QUOTA, "insufficient_quota", "insufficient_quota")),
    (402, openai("Insufficient Balance", "invalid_request_error", "unknown_error")),
    (402, {"error": {"message": "This request requires more credits, or fewer max_tokens.", "code": 402}}),
    (400, openai("Billing hard limit has been reached", "billing_hard_limit_reached", "invalid_request_error")),
    (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}),
    (400, {"error": {"message": "You have reached your specified API usage limits.", "type": "invalid_request_error"}}),
    (403, {"code": "The caller does not have permission", "error": "Your team has used all available credits"}),
    (429, {"error": {"message": "Your account is suspended", "type": "exceeded_current_quota_error"}}),
    (429, {"error": {"code": "1113", "message": "Insufficient balance or no resource package. Please recharge."}}),
    (400, {"error": {"code": "Arrearage", "message": "Access denied, make sure your account is in good standing."}}),
    (412, {"error": {"object": "error", "message": "Account is suspended, possibly for reaching the spending limit"}}),
    (400, openai("Budget has been exceeded! Current cost: 5.1, Max budget: 5.0", "400", "budget_exceeded")),
    (
        403,
        {"error": {"message": "user quota is not enough", "type": "one_api_error", "code": "insufficient_user_quota"}},
    ),
    (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}, "choices": None}),
    (
        429,
        [{"error": {"code": 429, "message": "Your prepayment credits are depleted.", "status": "RESOURCE_EXHAUSTED"}}],
    ),
]
CREDIT += [
    (403, {"error": {"message": "Key limit exceeded (total limit).", "code": 403}}),
    (200, {"success": False, "errors": [{"code": 4006, "message": "you have used up your daily free allocation"}]}),
    (429, openai("Your account org is not active, check your billing details", "billing_not_active")),
]
KEY = [
    (500, openai("litellm.AuthenticationError: OpenAIException - Incorrect API key provided", "401")),
    (401, openai("Incorrect API key provided: sk-x.", "invalid_api_key", "invalid_request_error")),
    (400, [{"error": GEMINI_KEY}]),
    (400, {"error": {"message": json.dumps({"error": GEMINI_KEY}), "code": 400, "status": "Bad Request"}}),
    (401, {"error": {"message": "No auth credentials found", "code": 401}}),
    (401, {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}),
    (403, {"detail": "Not authenticated"}),
    (401, {"message": "Unauthorized"}),
    (403, {"message": "The security token included in the request is invalid."}),
    (403, {"result": None, "success": False, "errors": [{"code": 10000, "message": "Authentication error"}]}),
    (200, {"base_resp": {"status_code": 1004, "status_msg": "login fail"}, "choices": None}),
    (400, openai("Invalid API key format", "invalid_api_key")),
    (401, ""),
]
DECLINED = [
    (400, openai("The response was filtered", "content_filter", innererror={"code": "ResponsibleAIPolicyViolation"})),
    (400, openai("litellm.ContentPolicyViolationError: AzureException - content management policy.", "400")),
    (500, openai("litellm.APIError: Azure's content management policy", "500")),
    (400, openai("Content Exists Risk", "invalid_request_error", "invalid_request_error")),
    (400, {"detail": "Content Exists Risk"}),
    (403, {"code": "The caller does not have permission", "error": "Content violates usage guidelines."}),
    (403, {"error": {"code": 403, "message": "anthropic/x requires moderation. Your input was flagged for violence."}}),
    (400, openai("<400> InternalError.Algo.DataInspectionFailed: Input data may contain inappropriate content.")),
    (400, openai("Invalid prompt: your prompt was flagged as violating our usage policy", "invalid_prompt")),
    (400, {"error": {"code": "1301", "message": "系统检测到输入或生成内容可能包含不安全或敏感内容"}}),
    (200, {"error": {"message": "Provider returned error: PROHIBITED_CONTENT", "code": 502}} | {"choices": []}),
    (400, {"error": {"message": "The request was rejected because it was considered high risk"}}),
]
ELSEWHERE = [
    (403, openai("Country, region, or territory not supported", "unsupported_country_region_territory")),
    (400, [{"error": {"code": 400, "message": "User location is not supported for the API use."}}]),
    (400, {"error": {"message": '{"error": {"message": "User location is not supported for the API use."}}'}}),
    (403, {"error": {"message": "This model is not available in your region.", "code": 403}}),
    (451, {"error": {"message": "The service is not available in your country"}}),
    (403, {"error": {"type": "forbidden", "message": "Unsupported region", "code": "unsupported_country"}}),
    (
        400,
        {"message": "Access to Anthropic models is not allowed from unsupported countries, regions, or territories."},
    ),
]
CREDIT += [
    (403, {"code": "no permission", "error": "Your new team doesn't have any credits or licenses yet."}),
    (403, {"error": {"message": "A valid credit card on file is required", "type": "customer_verification_required"}}),
    (429, {"error": {"message": "Free credits have restricted access due to abuse.", "type": "no_providers"}}),
    (403, openai("The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly")),
    (403, [{"error": {"message": "This method requires billing to be enabled.", "status": "PERMISSION_DENIED"}}]),
    (403, {"error": "this model requires a subscription, upgrade for access"}),
    (429, {"error": {"code": "1309", "message": "您的GLM Coding Plan套餐已到期，暂无法使用"}}),
    (403, {"detail": {"error": "inference prohibited, please enter a payment method"}}),
    (403, {"error": {"message": "Credit limit exceeded", "type": "credit_limit"}}),
    (401, {"error": {"message": "该令牌额度已用尽 (request id: 1)", "type": "new_api_error", "code": ""}}),
    (403, {"error": {"message": "预扣费额度失败, 用户剩余额度: ¥0.10, 需要预扣费额度: ¥0.50", "code": ""}}),
]
KEY.append((401, "<html><head><title>401 Authorization Required</title></head></html>"))
LONG = [
    (400, {"object": "error", "message": "max_tokens must be at least 1, got -186.", "type": "BadRequestError"}),
    (400, {"error": {"code": "1261", "message": "Prompt exceeds max length"}}),
    (413, openai("Request too large on tokens per minute: Limit 12000, Requested 14137", "rate_limit_exceeded")),
    (429, openai("Request too large on tokens per min: Limit 30000, Requested 342389.", "rate_limit_exceeded")),
    (422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4200 `inputs` tokens and 100"}),
    (400, openai("This model's maximum context length is 8192 tokens.", "context_length_exceeded")),
    (400, {"error": {"code": 400, "message": "request exceeds", "type": "exceed_context_size_error", "n_ctx": 4096}}),
    (413, {"error": {"type": "request_too_large", "message": "Request exceeds the maximum size"}}),
    (413, "<html><title>413 Request Entity Too Large</title></html>"),
    (
        400,
        {"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 200001 > 200000"}},
    ),
    (
        400,
        [{"error": {"code": 400, "message": "The input token count (1100000) exceeds the maximum number of tokens"}}],
    ),
    (422, {"error": "Input validation error: `inputs` must have less than 4095 tokens. Given: 5000"}),
    (400, {"error": {"message": "Range of input length should be [1, 30720]", "code": "invalid_parameter_error"}}),
    (400, {"message": "Input is too long for requested model."}),
]
LIMITED = [
    (429, openai("Rate limit reached for gpt on requests", "rate_limit_exceeded", "requests")),
    (429, {}),
    (429, HTML),
    (429, [{"error": {"code": 429, "message": QUOTA, "status": "RESOURCE_EXHAUSTED"}}]),
    (413, openai("Request too large on tokens per minute (TPM): Limit 6000", "rate_limit_exceeded", "tokens")),
    (498, openai("Flex tier capacity exceeded", "capacity_exceeded")),
    (400, {"__type": "ThrottlingException", "message": "Too many tokens, please wait before trying again."}),
    (200, {"error": {"message": "Rate limit exceeded: free-models-per-day", "code": 429}}),
    (200, {"choices": [{"error": {"code": 429, "message": "Provider returned error"}, "finish_reason": "error"}]}),
    (503, {"error": {"message": "Rate limit exceeded", "type": "rate_limit_error"}}),
    (429, {"detail": "Too Many Requests"}),
]
DOWN = [
    (400, {"status": 400, "title": "Bad Request", "detail": "Function id '8': DEGRADED function cannot be invoked"}),
    (400, {"error": "The model has crashed without additional information. (Exit code: 1844)"}),
    (400, {"error": "Model unloaded."}),
    (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
    (500, ""),
    (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}),
    (502, "<html>502 Bad Gateway</html>"),
    (524, "error code: 524"),
    (424, {"error": "Request failed during generation", "error_type": "generation"}),
    (408, {}),
    (499, {}),
    (200, {"error": {"message": "Internal Server Error", "code": 500}}),
    (200, {"error": {"code": 502, "message": "Upstream failed", "metadata": {"provider_name": "X"}}, "user_id": "u"}),
    (200, {"choices": [{"error": {"code": 502, "message": "Network"}, "message": {"content": "Half"}}]}),
    (200, {"error": "something else"}),
    (200, {"status": "failed", "error": {"code": "server_error", "message": "x"}, "output": []}),
]
REJECTED = [
    (404, openai("The model `x` does not exist", "model_not_found", "invalid_request_error")),
    (404, {"error": {"message": 'model "x" not found, try pulling it first', "type": "api_error"}}),
    (404, "404 page not found"),
    (404, {"detail": "Not Found"}),
    (405, {"detail": "Method Not Allowed"}),
    (403, HTML),
    (403, "error code: 1020"),
    (403, openai("Your request was blocked.")),
    (403, openai("You are not allowed to sample from this model", "model_permission_blocked")),
    (403, openai("The model requires terms acceptance", "model_terms_required")),
    (200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
    (404, {"error": {"message": "No endpoints found matching your data policy", "code": 404}}),
    (404, {"error": {"message": "No endpoints available matching your guardrail restrictions", "code": 404}}),
    (403, {"error": {"message": "该令牌无权访问模型 x (request id: 1)", "type": "new_api_error", "code": ""}}),
    (400, openai("bad", "x")),
    (301, HTML),
]
NO_MODEL = [  # behind a gateway, with the status of an outage
    (
        503,
        {"error": {"message": "当前分组 default 下对于模型 gpt-5 无可用渠道 (request id: 2)", "type": "one_api_error"}},
    ),
    (503, openai("No available channel for model x under group default (distributor)", "model_not_found")),
    (503, openai("There are no channels available for model x under the current group Lv1", kind="v_api_error")),
    (502, openai("unknown provider for model x", "internal_server_error", "server_error")),
    (
        500,
        openai(
            'litellm.APIConnectionError: Ollama - {"error":"model \'x:8b\' not found, try pulling it first"}', "500"
        ),
    ),
    (500, {"error": 'model "llama3.1:8b" not found'}),
    (500, {"error": {"message": '{"error": {"code": "model_not_found", "message": "x"}}', "type": "upstream_error"}}),
    (500, openai("The model `x` does not exist or you do not have access to it.", kind="upstream_error")),
    (500, openai("Publisher Model `projects/p/locations/l/publishers/google/models/x` not found.", "500")),
    (500, openai("could not load model - rpc error: desc = stat /models/gpt-4: no such file or directory", 500)),
    (500, {"detail": "[address=0.0.0.0:1, pid=1] Model not found in the model list, uid: x"}),
    (500, {"success": False, "errors": [{"message": "AiError: No such model @cf/x or task", "code": 5007}]}),
    (500, {"is_bifrost_error": False, "error": {"message": "no keys found that support model: x", "error": {}}}),
    (500, {"is_bifrost_error": False, "error": {"message": "failed to get config for provider: not found"}}),
    (
        500,
        "No matching route found. It is likely that the model specified your request is not configured in the Gateway.",
    ),
    (400, openai("model not found", 400, "invalid_request_error")),
    (500, openai("模型不存在，请检查模型代码。", "1211")),
    (503, openai("The requested model 'x' is not supported by any provider you have enabled.", "model_not_supported")),
    (200, {"error": "No models loaded. Please load a model in the developer page or use the 'lms load' command."}),
    (200, {"base_resp": {"status_code": 2013, "status_msg": "invalid params, unknown model 'x'"}, "choices": None}),
    (200, {"code": 404, "message": "The model `x` does not exist.", "object": "error", "type": "NotFoundError"}),
    (400, openai("/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to see them.", "400")),
    (400, openai("You passed in model=x. There are no healthy deployments for this model.", "400")),
    (404, openai("Unable to access model x. Please visit the list of models.", "model_not_available")),
    (404, {"error": {"message": "No endpoints found for x.", "code": 404}}),
    (404, openai("No models loaded. Please load a model.", "model_not_found", "invalid_request_error")),
    (400, {"error": {"message": "x is not a valid model ID", "code": 400}}),
    (400, {"error": "could not find real modelID for x"}),
    (404, {"error": "no router for requested model", "src": "llama-swap"}),
    (400, {"code": 20012, "message": "Model does not exist. Please check it carefully.", "data": None}),
]
LIMITED.append((429, openai("No deployments available for selected model, Try again in 60 seconds. model=x", "429")))
DOWN += [  # the model is there, and cannot be had now
    (500, openai("分组 default 下模型 x 的可用渠道不存在（retry）", "get_channel_failed", "new_api_error")),
    (503, openai("The model `x` is currently overloaded. Does not your plan include priority?")),
    (503, {"error": "Model x is currently loading", "estimated_time": 20.0}),
    (502, openai("dial unix /run/model.sock: connect: no such file or directory")),
    (503, {"error": {"message": "There is no available model provider that meets your requirements", "code": 503}}),
]
KINDS: list[tuple[type[ModelError], list[tuple[int, Body]]]] = [
    (OutOfCredit, CREDIT),
    (KeyRejected, KEY),
    (ModelRefused, DECLINED),
    (NotServedHere, ELSEWHERE),
    (ContextTooLong, LONG),
    (RateLimited, LIMITED),
    (ProviderDown, DOWN),
    (RequestRejected, REJECTED),
    (RequestRejected, NO_MODEL),
    (AnswerIncomplete, [(400, openai("Could not finish the message because max_tokens was reached."))]),
]


@pytest.mark.parametrize(
    ("kind", "status", "body"), [(kind, status, body) for kind, cases in KINDS for status, body in cases]
)
def test_a_failure_is_told_by_its_status_its_codes_and_its_words(
    kind: type[ModelError], status: int, body: Body
) -> None:
    """A wrong cause sends the admin to the wrong page, or pays again for what cannot succeed."""
    response = came(status, body)
    assert response.failed
    assert type(meaning(response)) is kind


def test_what_a_server_repeats_of_the_request_does_not_name_the_cause() -> None:
    """A topic about credit balances is no empty account."""
    detail = [
        {"loc": ["body", "messages"], "msg": "Field required", "type": "missing", "input": "credit balance too low"}
    ]
    assert type(meaning(came(422, {"detail": detail}))) is RequestRejected


IN_A_WHILE = time.time() + 30


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, {}, 7),
        ({"retry-after-ms": "1500", "retry-after": "9"}, {}, 1.5),
        ({"retry-after": "30s"}, {}, 30),
        ({"retry-after": formatdate(IN_A_WHILE, usegmt=True)}, {}, 30),
        ({}, openai("Rate limit reached. Please try again in 7m12.48s. Need more tokens?"), 432.48),
        ({}, openai("Rate limit reached for gpt on TPM. Please try again in 340ms."), 0.34),
        ({}, openai("Requests have exceeded call rate limit. Please retry after 26 seconds."), 26),
        ({}, openai("request reached max, please try again after 1 seconds"), 1),
        ({}, [{"error": {"details": [{"@type": "RetryInfo", "retryDelay": "34s"}]}}], 34),
        ({}, [{"error": {"message": "Please retry in 34.074824224s."}}], 34.074824224),
        ({}, {"error": "Model is currently loading", "estimated_time": 20.0}, 20),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m0s"}, {}, 60),
        ({"x-ratelimit-remaining-tokens": "9", "x-ratelimit-reset-tokens": "6m0s"}, {}, None),
        ({"x-ratelimit-reset": str(int(IN_A_WHILE * 1000))}, {}, 30),
        ({}, {"error": {"metadata": {"headers": {"X-RateLimit-Reset": str(int(IN_A_WHILE * 1000))}}}}, 30),
        ({"ratelimit-reset": "12"}, {}, 12),
        ({"retry-after": "soon"}, {}, None),
        ({"retry-after": "-5"}, {}, None),
        ({"retry-after-ms": "NaN"}, {}, None),
        ({}, openai("Try again later."), None),
    ],
)
def test_a_wait_is_found_wherever_a_provider_names_it(
    headers: dict[str, str], body: Body, seconds: float | None
) -> None:
    """Coming back too early makes it worse for everybody; waiting too long costs the asker."""
    waited = wait(came(429, body, headers))
    assert waited == (None if seconds is None else pytest.approx(seconds, abs=120 if seconds == 30 else 0.001))


KEYS = st.sampled_from(["error", "code", "message", "detail", "choices", "loc", "param", "output", "retry_after"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
)


@given(JSON, st.integers(200, 599), st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text()))
def test_no_body_and_no_header_is_too_odd_to_be_read(body: Any, status: int, headers: dict[str, str]) -> None:
    """Whatever a stranger's server sends is one of our failures, with a wait that can be waited."""
    response = came(status, json.dumps(body), headers)
    error = meaning(response)
    assert isinstance(error, ModelError)
    assert error.retry_after is None or error.retry_after >= 0


@pytest.mark.parametrize(
    ("status", "body", "elsewhere"),
    [
        (404, {"detail": "Not Found"}, True),
        (404, "404 page not found\n", True),
        (405, {"detail": "Method Not Allowed"}, True),
        (404, {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}, True),
        (404, openai("Invalid URL (POST /chat/completions)"), True),
        (404, {"success": False, "errors": [{"code": 7003, "message": "Could not route to /client/v4"}]}, True),
        (200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}, True),
        (200, HTML, True),
        (404, HTML, True),
        (403, HTML, False),
        (502, HTML, False),
        (404, openai('model "x" not found, try pulling it first'), False),
        (404, {"title": "Not Found", "detail": "Function '23d4': Not found for account 'Qa'"}, False),
        (404, openai("No endpoints found matching your data policy"), False),
        (404, {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}}, False),
        (200, {"choices": [{"message": {"content": "Not found"}}]}, False),
    ],
)
def test_an_address_that_leads_elsewhere_is_told_from_a_model_that_is_not_there(
    status: int, body: Body, elsewhere: bool
) -> None:
    """Whoever is woken shall look at the right setting."""
    assert came(status, body).leads_elsewhere is elsewhere


@pytest.mark.parametrize(
    ("url", "likely"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:3000/api", "http://localhost:3000/api/v1"),
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
        ("https://api.deepseek.com", "https://api.deepseek.com/v1"),
        ("https://open.bigmodel.cn/api/paas/v4", "https://open.bigmodel.cn/api/paas/v4"),
    ],
)
def test_the_next_address_to_try_is_the_likely_one_or_has_a_version(url: str, likely: str) -> None:
    assert next_address(url) == likely


async def test_a_wrong_address_is_logged_once() -> None:
    """Three angles of every run meet the same page; one line says it."""
    page = web.Application()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=HTML, content_type="text/html")

    page.router.add_route("*", "/{path:.*}", answer)
    call = Call("r_1", "angle/technical", "You are technical.", "Tea", Priority.ANGLE, max_tokens=100)
    async with TestServer(page) as server:
        endpoint = Endpoint("local", str(server.make_url("/api")), "none", "chat", 60)
        with capture_logs() as logs:
            async with OpenAIModel(endpoint, ModelQueue(3)) as model:
                with pytest.raises(AnswerIncomplete):
                    await model.write(call)
    wrong = [line for line in logs if line["event"] == "model.address_wrong"]
    assert [line["likely"] for line in wrong] == [f"{endpoint.base_url}/v1"]
