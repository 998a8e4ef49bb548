"""Everything that people see of one run, held against what they saw before: payload for payload.

With ``NEW_WHOLE_STORY=1`` in the environment this test takes over what is meant to change: the difference in
``tests/released/whole_story.json`` then shows in review what people will see.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from difflib import unified_diff
from pathlib import Path
from typing import Any

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from tests.support.story import Story, story

FILE = Path(__file__).parent.parent / "released" / "whole_story.json"
ANSWER = "The technical angle says that the leaf is oxidised; the societal angle adds who pays for it."

# What differs from one time to the next, by what it is called here: each is numbered as it first appears.
NAMES = {
    "run": re.compile(r"\br_[0-9A-Z]{12}\b"),
    "message": re.compile(r"\b\d{10}\.\d{6}\b|(?<=/p)\d{16}\b"),
    "moment": re.compile(r"(?<=<!date\^)\d+"),
    "file": re.compile(r"\bF[0-9A-Z]{9,}\b"),
}
SAME = {
    "DURATION": re.compile(r"under 1[\s\xa0]s|\b\d+[\s\xa0](?:s|min)\b(?:[\s\xa0]\d+[\s\xa0]s\b)?"),
    "CLOCK": re.compile(r"\b\d{1,2} \w+ \d{4},? (?:at )?\d{2}:\d{2}(?: UTC)?|\b\d{2}:\d{2} UTC\b"),
    "ADDRESS": re.compile(r"http://127\.0\.0\.1:\d+"),
}


class Album:
    """What was seen, in the order of the story."""

    def __init__(self, told: Story) -> None:
        self.told = told
        self.told_before = 0
        self.pages: dict[str, Any] = {}

    def message(self, message: Message) -> dict[str, Any]:
        """A message as it stands."""
        return {"part": message.part, "text": message.text, "blocks": message.blocks, "metadata": message.metadata}

    def thread(self, name: str, root: Message) -> None:
        """The whole thread as it stands, the parts of the bot sorted by what they are called."""
        replies = sorted(self.told.slack.thread(root), key=lambda each: (not each.part, each.part, each.text))
        self.pages[name] = [self.message(each) for each in (root, *replies)]

    def root(self, name: str, root: Message) -> None:
        """The message in the channel alone."""
        self.pages[name] = self.message(root)

    def answers(self, name: str) -> None:
        """What single persons were told since the last time."""
        told = self.told.slack.answers[self.told_before :]
        self.told_before = len(self.told.slack.answers)
        said = [{"user": each.user, **each.payload} for each in told]
        self.pages[name] = sorted(said, key=lambda each: json.dumps(each, sort_keys=True, ensure_ascii=False))

    @property
    def settled(self) -> dict[str, Any]:
        """All pages with the same names for the same things, however often the story is told."""
        text = json.dumps(self.pages, ensure_ascii=False, indent=1, sort_keys=True)
        for name, pattern in SAME.items():
            text = pattern.sub(name, text)
        for name, pattern in NAMES.items():
            found = dict.fromkeys(match.group().replace(".", "") for match in pattern.finditer(text))
            for number, value in enumerate(found, 1):
                text = text.replace(value, f"{name}-{number}").replace(_dotted(value), f"{name}-{number}")
        settled: dict[str, Any] = json.loads(text)
        return settled


def _dotted(stamp: str) -> str:
    """The ts of a message whose digits a permalink holds."""
    return f"{stamp[:10]}.{stamp[10:]}"


def _lines(text: str) -> list[str]:
    """The lines of a page, those of its texts too."""
    return text.strip().replace("\\n", "\n").split("\n")


async def shown(told: Story, root: Message, part: str, count: int = 1) -> Message:
    """Wait until parts of this name stand in the thread; give the newest."""
    await told.slack.until(lambda: sum(each.part.startswith(part) for each in told.slack.thread(root)) >= count)
    return [each for each in told.slack.thread(root) if each.part.startswith(part)][-1]


async def researched(told: Story, album: Album) -> Message:
    """The run itself: an angle that is there, one that fails, the report in the making, the report."""
    gates = {step: asyncio.Event() for step in ("angle/historical", "angle/technical", "angle/societal", "report")}
    for step, gate in gates.items():
        told.model.answer(step, ms.default_text, *([ms.REFUSED] if step == "angle/technical" else []), gate=gate)
    root = await told.research("tea")
    album.root("starting", root)
    for step, words in (("angle/historical", "1 of 3 angles"), ("angle/technical", "1 failed")):
        gates[step].set()
        await shown(told, root, step)
        await told.says(root, words)
        album.root(f"after {step}", root)
    assert (await told.slack.command("status", told.channel.id)).acked
    gates["angle/societal"].set()
    await shown(told, root, "angle/societal")
    await told.says(root, "Writing the report: 2 of 3 angles done")
    album.thread("writing", root)
    gates["report"].set()
    await told.says(root, "is partly done")
    album.thread("partly done", root)
    assert (await told.slack.command("list", told.channel.id)).acked
    album.answers("told during the run")
    return root


async def gone_on(told: Story, album: Album, root: Message) -> None:
    """What comes after it: a question, a retry, exports, an opinion, silence."""
    told.model.answer("follow-up/*", ANSWER)
    await told.slack.say(told.channel.id, "How is it made?", "U0MATE", thread_ts=root.ts)
    await shown(told, root, "answer/")
    gap = await shown(told, root, "angle/technical")
    await told.click(gap, "research.angle.retry", "U0MATE")
    await told.says(root, "is done, 3 of 3 angles")
    await shown(told, root, "note/updated")
    album.thread("retried", root)
    report = await shown(told, root, "report")
    await told.click(report, "research.report.export_md", "U0MATE")
    await told.heard("The .md file is in the thread.", "U0MATE")
    await told.click(report, "research.report.export_canvas", "U0MATE")
    await told.slack.until(lambda: told.slack.canvases)
    await told.heard("The canvas", "U0MATE")
    run_id = str((root.metadata or {})["event_payload"]["run_id"])
    assert (await told.slack.click(report, "research.report.feedback", "U0MATE", option=f"down:{run_id}")).acked
    await told.slack.until(lambda: told.slack.views.modals)
    await told.slack.say(told.channel.id, "mute", "U0ASKER", thread_ts=root.ts)
    await shown(told, root, "note/muted")
    album.thread("muted", root)
    album.answers("told after it")
    album.pages["file"] = [(each.filename, each.title, (each.content or b"").decode()) for each in told.slack.uploads]
    album.pages["canvas"] = [(each.title, each.markdown) for each in told.slack.canvases]


async def looked_around(told: Story, album: Album) -> None:
    """The ways in: help, a word that is no topic, the form, the Home tab."""
    for words in ("", "x", "tea --depth 3", 'tea --angles "a, b, c, d, e, f, g"', "stop"):
        assert (await told.slack.command(words, told.channel.id)).acked
    usage = next(each for each in told.slack.answers if each.text.startswith("How to use"))
    album.answers("told without a run")
    assert (await told.slack.press(usage, "research.form.open")).acked
    await told.slack.until(lambda: len(told.slack.views.modals) == 2)
    album.pages["forms"] = [each.shown for each in told.slack.views.modals]
    await told.slack.open_home("U0ASKER")
    homes = told.slack.views.homes
    await told.slack.until(lambda: "U0ASKER" in homes and "Done: 3 of 3" in str(homes["U0ASKER"].shown))
    album.pages["home"] = homes["U0ASKER"].shown


async def test_people_see_what_they_saw_before() -> None:
    """Whatever is moved, renamed or divided behind it."""
    async with story("socket") as told:
        album = Album(told)
        root = await researched(told, album)
        await gone_on(told, album, root)
        await looked_around(told, album)
        seen = album.settled
    if os.environ.get("NEW_WHOLE_STORY"):
        FILE.write_text(json.dumps(seen, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    before, after = (
        _lines(text)
        for text in (FILE.read_text("utf-8"), json.dumps(seen, ensure_ascii=False, indent=1, sort_keys=True))
    )
    changed = "\n".join(unified_diff(before, after, "before", "after", lineterm="", n=1))
    assert not changed, changed
