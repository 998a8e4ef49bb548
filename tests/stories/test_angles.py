"""Runs from angles that the asker names: told, researched and reported as such; in both modes."""

from __future__ import annotations

import json

import pytest

from bot.playground import model as ms
from tests.support.processes import run as typed
from tests.support.story import Mode, story

REPORT = "Fuel is short. Law is slow.\n\n## Fuel supply\nShort.\n\n## Law\nSlow.\n\n## Synthesis\nBoth."


async def test_a_topic_is_researched_from_the_angles_that_its_asker_names(mode: Mode) -> None:
    """Whoever knows what they want to know must not get three standard views."""
    async with story(mode) as told:
        told.model.answer("report", REPORT)
        root = await told.ended(await told.research("nuclear fusion --angles “fuel supply, law”"))
        assert root.title == "Research: nuclear fusion"
        assert root.versions[0].text.startswith("Research on nuclear fusion. Starting: 2 angles, then a report. Fuel s")
        assert root.text.startswith("Research on nuclear fusion is done, 2 of 2 angles. Fuel is short. Law is slow.")
        assert sorted(told.parts(root)) == ["angle/fuel-supply", "angle/law", "report"]
        titles = {message.title for message in told.slack.thread(root)}
        assert titles == {"Fuel supply angle", "Law angle", "Report: nuclear fusion"}
        report = told.slack.thread(root)[-1].blocks[1]["text"]
        assert [line for line in report.splitlines() if line.startswith("#")] == [
            "## Fuel supply",
            "## Law",
            "## Synthesis",
        ]


async def test_names_of_angles_ping_nobody_and_break_no_message(mode: Mode) -> None:
    """They stand in headings, in the root, and in what is said of a failure."""
    async with story(mode) as told:
        told.model.answer("angle/*", "x", ms.REFUSED, ms.REFUSED)
        root = await told.ended(await told.research('tea --angles "<!channel> & *co*, @here|x>, ok"'))
        assert root.text.startswith("Research on tea is partly done: 1 of 3 angles.")
        shown = [root.text + json.dumps(root.blocks), *(m.text + json.dumps(m.blocks) for m in told.slack.thread(root))]
        assert not [each for each in shown if "<!channel>" in each or "@here" in each]


async def test_one_angle_alone_is_counted_as_one(mode: Mode) -> None:
    """ "None of the 1 angle" is no sentence."""
    async with story(mode) as told:
        told.model.answer("angle/law", "x", ms.REFUSED)
        root = await told.ended(await told.research('tea --angles "law"'))
        assert "Failed: the only angle could not be completed." in root.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('tea --angles "a,b,c,d,e,f,g"', "That is 7 angles; the limit is 6."),
        ('tea --angles "<!here>, <!here>"', "The angle “&lt;"),
        ("tea --angles", "Put your angles in quotes after --angles"),
    ],
)
async def test_angles_that_cannot_be_are_refused_privately(mode: Mode, words: str, said: str) -> None:
    """Before anything is posted or paid."""
    async with story(mode) as told:
        assert (await told.slack.command(words, told.channel.id)).acked
        assert told.slack.answers[0].text.startswith(said)
        assert told.model.requests == []


async def test_a_try_in_the_terminal_takes_angles_too() -> None:
    """One grammar, wherever somebody types."""
    async with ms.ModelServer() as model:
        model.answer("report", REPORT)
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}
        process = await typed("try", "tea", "--angles", "fuel supply, law", "--json", **at)
        assert list(json.loads(process.out)["findings"]) == ["fuel-supply", "law"]
        refused = await typed("try", "tea", "--angles", "law, law", **at)
        assert (refused.code, refused.err) == (2, "The angle “Law” is there twice.\n")
