"""Where a model answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

# Where providers answer in OpenAI's way, by their hosts, as their own documentation has it.
BASES = {
    "*.openai.azure.com": "/openai/v1",
    "*.services.ai.azure.com": "/openai/v1",
    "*.cognitiveservices.azure.com": "/openai/v1",
    "bedrock-runtime.*.amazonaws.com": "/openai/v1",
    "generativelanguage.googleapis.com": "/v1beta/openai",
    "openrouter.ai": "/api/v1",
    "api.groq.com": "/openai/v1",
    "api.fireworks.ai": "/inference/v1",
    "api.deepinfra.com": "/v1/openai",
    "dashscope*.aliyuncs.com": "/compatible-mode/v1",
    "ark.*.volces.com": "/api/v3",
    "open.bigmodel.cn": "/api/paas/v4",
    "api.z.ai": "/api/paas/v4",
    "api.cohere.ai": "/compatibility/v1",
    "api.cohere.com": "/compatibility/v1",
    "models.github.ai": "/inference",
    "api.perplexity.ai": "",
    "api.deepseek.com": "",
}
INSIDE = (
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".home.arpa",
)  # ends of names that only a network of one's own knows
METHODS = (
    "/api/chat",
    "/api/generate",
    "/chat/completions",
    "/completions",
    "/chat",
    "/responses",
    "/models",
    "/embeddings",
    "/messages",
)


@dataclass(frozen=True)
class Endpoint:
    """Which model answers, where, and how it is spoken to; ``timeout`` is in seconds for one whole call.

    ``local`` says that it runs on this machine and costs nothing. ``through`` is where calls are sent that somebody
    passes on to ``base_url``, "" where nobody stands between.
    """

    model: str
    base_url: str
    api_key: str = field(repr=False)
    api: Literal["responses", "chat"]
    timeout: float
    local: bool = False
    through: str = ""

    @property
    def address(self) -> str:
        """Where calls are sent."""
        return self.through or self.base_url


def likely_address(url: str) -> str:
    """The base address that is most likely meant by one: without a method or a query, with its provider's path."""
    parts = urlsplit(url.strip())
    path, host = parts.path.rstrip("/"), parts.hostname or ""
    path = next((path.removesuffix(method) for method in METHODS if path.endswith(method)), path)
    own = next((base for hosts, base in BASES.items() if fnmatchcase(host, hosts)), "/v1")
    deployment = own == "/openai/v1" and path.startswith("/openai/deployments")  # Azure's older way
    if not path or deployment or (len(path) > 1 and own.startswith(f"{path}/")):
        path = own
    return f"{parts.scheme}://{parts.netloc}{path}"


def next_address(url: str) -> str:
    """The address to try where one leads to no model: the likely one, else the same with /v1, else itself."""
    url = url.strip().rstrip("/")
    likely = likely_address(url)
    versioned = any(part[:1] == "v" and part[1:2].isdigit() for part in urlsplit(url).path.split("/"))
    return f"{url}/v1" if likely == url and not versioned else likely


def without_login(url: str) -> str:
    """An address as it may stand in a log: whatever stands before an @ may be a password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def private(url: str) -> bool:
    """Whether an address is of one's own machine or network, as far as it says so itself; no name is looked up."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return "." not in host or host.endswith(INSIDE)
