"""Codes and words, in lower case, with which providers name a failure, from their error lists and public reports.

Of OpenAI, Azure, Anthropic, Gemini, Bedrock, Mistral, DeepSeek, Groq, OpenRouter, Together, Fireworks, xAI, Moonshot,
Qwen, Zhipu, MiniMax, Cloudflare, LiteLLM, One API, vLLM, llama.cpp, LM Studio and text-generation-inference.
"""

from __future__ import annotations

import re

REFUSED_CODES = {
    "1026", "1027", "1301", "content_blocked", "content_filter", "content_policy_violation",
    "contentpolicyviolationerror", "cyber_policy", "data_inspection_failed", "datainspectionfailed",
    "guardrail_intervened", "invalid_prompt", "moderation", "prohibited_content", "responsibleaipolicyviolation",
    "safety", "sensitive_words_detected",
}  # fmt: skip
REFUSED_WORDS = (
    "content management policy", "content policy", "contentpolicyviolation", "content_filter", "content filter",
    "content exists risk", "usage guidelines", "usage polic", "datainspectionfailed", "inappropriate content",
    "safety system", "safety_check", "requires moderation", "was flagged", "prohibited content",
    "prohibited_content", "guardrail", "sensitive content", "sensitive words", "content moderation", "敏感",
    "violates our", "considered high risk",
    ": safety", "safety filter", "safety reasons", "blocked for safety",
)  # fmt: skip
CREDIT_CODES = {
    "1008", "1113", "1309", "credit_limit", "allocationquota.freetieronly", "arrearage", "billing_disabled",
    "billing_error", "billing_hard_limit_reached", "billing_not_active",
    "budget_exceeded", "credits_exhausted", "exceeded_current_quota_error", "insufficient_balance",
    "insufficient_credits", "insufficient_funds", "insufficient_quota", "insufficient_user_quota",
    "customer_verification_required", "payment_required", "pre_consume_token_quota_failed",
}  # fmt: skip
CREDIT_WORDS = (
    "credit balance", "insufficient balance", "insufficient quota", "insufficient credit", "insufficient funds",
    "not enough credit", "more credits", "out of credit", "no credits", "hard limit", "billing limit",
    "spending limit", "spend limit", "exceeded your current quota", "budget has been exceeded", "exceededbudget",
    "exceeded budget", "overdue", "arrear", "available credits", "credits are depleted",
    "specified api usage limits", "billing not active", "account is not active", "payment required",
    "in good standing", "余额不足", "欠费", "额度不足", "insufficient_balance", "insufficient account balance",
    "quota is not enough", "balance is insufficient", "exceeded its monthly", "recharge",
    "budget exceeded", "enough balance", "billing_hard_limit", "free allocation", "key limit exceeded",
    "any credits", "credits or licenses", "free credits", "purchase credits", "a valid credit card",
    "free tier of the model", "额度已用尽", "剩余额度", "credit limit", "payment method",
    "billing to be enabled", "requires a subscription", "included credits",
)  # fmt: skip
KEY_CODES = {
    "1004", "2049", "api_key_invalid", "auth_error", "authentication_error", "authenticationerror",
    "incorrect_api_key_error", "invalid_api_key", "invalid_api_key_error", "invalid_authentication_error",
    "invalid_token", "invalidapikey", "missing_api_key", "no_api_key", "token_expired", "unauthenticated",
    "unauthorized", "unrecognizedclientexception",
}  # fmt: skip
KEY_WORDS = (
    "api key not valid", "invalid api key", "incorrect api key", "api key expired", "api key is invalid",
    "no api key", "missing api key", "api_key_invalid", "invalid x-api-key", "invalid authentication",
    "no auth credentials", "authentication error", "authenticationerror",
    "authentication fail", "invalid token", "invalid bearer",
    "not authenticated", "login fail", "unauthorized", "missing authentication",
    "security token included in the request is invalid", "api key not found", "invalid or missing api key",
    "invalid api-key", "invalid access token", "credentials are invalid", "令牌",
)  # fmt: skip
# Gateways say so with the status of an outage, which it is not: another try asks for the same name.
MODEL_CODES = {
    "1211", "deploymentnotfound", "invalid_model", "invalid_model_name", "model_not_available", "model_not_found",
    "model_not_supported", "modelnotfound", "unknown_model",
}  # fmt: skip
MODEL_WORDS = (
    "no available channel", "no channels available for model", "无可用渠道", "模型不存在", "invalid model name",
    "unknown model", "unknown provider for model", "no provider found for model", "no such model",
    "no models loaded", "no model loaded", "unable to access model", "model not exist", "not a valid model",
    "not supported by any provider", "try pulling it", "no keys found that support model",
    "failed to get config for provider", "no matching route found",
)  # fmt: skip
NO_MODEL = re.compile(
    r"\bmodel[`'\" :=]{0,3}(?:\S{1,200} )?(?:is |was )?(?:not found|does not exist|doesn't exist|could not be found)"
    r"|\bstat \S{1,200}: no such file"  # of a model's own file
)
DENIED_WORDS = ("not allowed to access model", "无权访问模型")
PLACE_CODES = {
    "location_not_supported", "region_not_supported", "unsupported_country", "unsupported_country_region_territory",
}  # fmt: skip
PLACE_WORDS = (
    "country, region, or territory", "location is not supported", "not available in your country", "in your region",
    "not available in your region", "region is not supported", "unsupported region",
    "unsupported countries", "country is not supported",
)  # fmt: skip
LENGTH_CODES = {
    "1261", "context_length_exceeded", "exceed_context_size_error", "request_too_large", "string_above_max_length",
}  # fmt: skip
LENGTH_WORDS = (
    "context length", "context window", "context size", "prompt is too long", "input is too long",
    "too many input tokens", "input token count", "exceed context limit", "prompt too long", "reduce the length",
    "range of input length", "input length", "exceeds the available context", "maximum number of tokens allowed",
    "input tokens exceed", "request too large", "too large for model", "`inputs` must have less than",
    "exceeded max context", "context limit", "exceeds max length", "at least 1, got -", "or equal to 0, got -",
    "`inputs` tokens",
)  # fmt: skip
LIMIT_CODES = {
    "1002", "1039", "1302", "1305", "capacity_exceeded", "limit_requests", "rate_limit", "rate_limit_error",
    "rate_limit_exceeded", "rate_limit_reached_error", "rate_limited", "ratelimiterror", "resource_exhausted",
    "throttling", "throttling.ratequota", "throttlingexception", "too_many_requests", "toomanyrequestsexception",
}  # fmt: skip
LIMIT_WORDS = (
    "rate limit", "rate-limit", "ratelimit", "too many requests", "throttl", "too many concurrent", "请求过于频繁",
)  # fmt: skip
DOWN_CODES = {
    "bad_gateway", "deadline_exceeded", "engine_overloaded_error", "internal_error", "internal_server_error",
    "internalserverexception", "model_overloaded", "modelnotreadyexception", "overloaded", "overloaded_error",
    "server_error", "service_unavailable", "serviceunavailableexception", "timeout", "unavailable",
    "unavailable_error",
}  # fmt: skip
DOWN_WORDS = (
    "overloaded", "temporarily", "currently loading", "loading model", "at capacity", "try again later",
    "bad gateway", "degraded", "has crashed", "model unloaded", "is unloaded",
)  # fmt: skip
