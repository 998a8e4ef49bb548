"""What a capable model would write about nuclear fusion: pictures are to show what people would read."""

from __future__ import annotations

import re
from pathlib import Path

from bot.playground.model import ModelServer
from tests.support.web import Articles

TOPIC = "nuclear fusion"
QUESTION = "What is the difference between a tokamak and a stellarator?"
# The pages that it rests on: publisher and title of each, by the angle whose facts stand there.
PAGES = {
    "historical": ("Physics archive", "The history of nuclear fusion: origin, timeline and milestones"),
    "technical": ("Plasma handbook", "How nuclear fusion works: mechanism, technology and challenges"),
    "societal": ("Energy review", "The impact of nuclear fusion on society: economy, benefits and risks"),
}
TEXTS = Path(__file__).with_name("fusion.md").read_text("utf-8")  # each below the name of its step


def written() -> dict[str, str]:
    """The text of each step."""
    parts = [part.partition("\n") for part in f"\n{TEXTS}".split("\n# ")[1:]]
    return {step: text.strip() for step, _, text in parts}


def articles() -> Articles:
    """Pages that say what the angles say, without their marks of Markdown: what may be cited for it."""
    plain = {step: re.sub(r"[*]|^- ", "", text, flags=re.MULTILINE).split("\n\n") for step, text in written().items()}
    return {slug: (names, plain[f"angle/{slug}"][:-1]) for slug, names in PAGES.items()}  # but for the confidence


def teach(model: ModelServer) -> None:
    """Let the model know all this."""
    for step, text in written().items():
        model.answer(step, text)
