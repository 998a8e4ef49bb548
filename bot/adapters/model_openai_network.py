"""What went wrong on the way to an endpoint and back, below anything that it said."""

from __future__ import annotations

import json
import socket
import ssl

import aiohttp
import aiohttp.http_exceptions
import httpx2
import openai

from bot.network import ProxyFailed, chain, network_cause
from bot.research.errors import (
    AnswerIncomplete,
    ModelError,
    RequestRejected,
    Unintelligible,
    Unreachable,
    Untrusted,
)

# Whatever the HTTP layer may raise; the SDK wraps most of it, and lets through what it does not know.
TROUBLES = (
    openai.APIConnectionError,
    openai.APIResponseValidationError,
    aiohttp.ClientError,
    aiohttp.http_exceptions.HttpProcessingError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    OSError,
    ValueError,
)
CERTIFICATES = {  # by OpenSSL's X509_V_ERR numbers
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "it is signed by an authority that this machine does not know",
    20: "it is signed by an authority that this machine does not know",
    21: "it is signed by an authority that this machine does not know",
    23: "it has been revoked",
    62: "it is for another host",
    64: "it is for another address",
}


class TooLarge(httpx2.StreamError):
    """There is more of a body than any answer can have."""


GARBLED = (
    aiohttp.ClientResponseError,
    aiohttp.http_exceptions.HttpProcessingError,
    httpx2.ProtocolError,
    TooLarge,
)
# What the network itself has no words for.
REASONS = {
    TooLarge: "the body is larger than any answer can be",
    httpx2.ProtocolError: "the answer does not keep to HTTP",
}

# The header of an answer in the model's place, by which whoever passes calls on tells that it could not be reached.
UNREACHED = "X-Model-Unreached"
KINDS = {kind.cause: kind for kind in (AnswerIncomplete, RequestRejected, Unintelligible, Unreachable, Untrusted)}


def to_pass_on(error: ModelError) -> str:
    """A failure of the network as the value of that header."""
    return json.dumps({"cause": error.cause, "detail": str(error), "because": error.because})


def passed_on(value: str) -> ModelError:
    """The failure again, as if nobody had stood between."""
    failure = json.loads(value)
    return KINDS[failure["cause"]](failure["detail"], because=failure["because"])


def trouble(error: BaseException) -> ModelError:
    """The failure in our words, for the log with its reason."""
    causes, reason = list(chain(error)), _reason(error)
    for read in (_proxy, _certificate, _way, _answer):
        if found := next((failure for cause in causes if (failure := read(cause, reason))), None):
            return found
    if any(isinstance(cause, ValueError) for cause in causes):
        return AnswerIncomplete("malformed body")
    return Unreachable(reason)


def _reason(error: BaseException) -> str:
    told = (words for cause in chain(error) for kind, words in REASONS.items() if isinstance(cause, kind))
    return next(told, "") or network_cause(error)


def _proxy(cause: BaseException, reason: str) -> ModelError | None:
    return Unreachable(reason, because=str(cause)) if isinstance(cause, ProxyFailed) else None


def _certificate(cause: BaseException, reason: str) -> ModelError | None:
    if isinstance(cause, aiohttp.ClientConnectorCertificateError):
        cause = cause.certificate_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Untrusted(reason, because=CERTIFICATES.get(cause.verify_code, "it cannot be verified"))
    if isinstance(cause, ssl.SSLError):
        return Unreachable(reason, because="no secure connection came about")
    return None


def _way(cause: BaseException, reason: str) -> ModelError | None:
    if isinstance(cause, socket.gaierror | aiohttp.ClientConnectorDNSError):
        return Unreachable(reason, because="the name of its host was not found")
    if isinstance(cause, httpx2.TooManyRedirects | aiohttp.TooManyRedirects):
        return RequestRejected("redirects", because="its address only leads on to others")
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL | aiohttp.InvalidURL):
        return RequestRejected("address", because="its address is none")
    if isinstance(cause, ConnectionRefusedError):
        return Unreachable(reason, because="nothing listens at its address")
    return None


def _answer(cause: BaseException, reason: str) -> ModelError | None:
    """Cut in the middle of an answer is another matter than no connection: the answer may have been paid for."""
    if isinstance(
        cause, aiohttp.ClientPayloadError | httpx2.DecodingError | aiohttp.http_exceptions.ContentEncodingError
    ):
        return AnswerIncomplete("cut")
    return Unintelligible(reason) if isinstance(cause, GARBLED) else None
