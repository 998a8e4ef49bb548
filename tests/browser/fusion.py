"""What a capable model would write about nuclear fusion: pictures are to show what people would read."""

from __future__ import annotations

from pathlib import Path

from bot.playground.model import ModelServer

TOPIC = "nuclear fusion"
QUESTION = "What is the difference between a tokamak and a stellarator?"
TEXTS = Path(__file__).with_name("fusion.md").read_text("utf-8")  # each below the name of its step


def written() -> dict[str, str]:
    """The text of each step."""
    parts = [part.partition("\n") for part in f"\n{TEXTS}".split("\n# ")[1:]]
    return {step: text.strip() for step, _, text in parts}


def teach(model: ModelServer) -> None:
    """Let the model know all this."""
    for step, text in written().items():
        model.answer(step, text)
