"""Retry of a failed angle: the same run, its messages rewritten where they stand; in both modes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.format.refs import permalink
from bot.slack.messages.controls import RETRY, RETRY_ANGLE
from bot.slack.messages.root import RESUME, STOP
from tests.support.story import Mode, Story, first_seen, story

REPLIES = ["angle/historical", "angle/technical", "angle/societal", "report"]
STALE = "This button belongs to an older version of the message. The run has already finished."
UNDER_WAY = "This run is still in progress. Press the button again once its report is there."
STARTED = "Retrying the technical angle. Its message in the thread shows the progress."
NOTE = "note/updated/technical"
LONG = "The views agree.\n\n" + "\n\n".join(f"## Part {n}\n{'Many words. ' * 60}" for n in range(20))


async def partial(told: Story, *failing: str) -> Message:
    """A run some of whose angles failed; from now on the model answers at once."""
    for slug in failing or ("technical",):
        told.model.answer(f"angle/{slug}", "x", ms.REFUSED)
    root = await told.says(await told.research("tea"), "is partly done")
    told.model.answer("*")
    told.model.requests.clear()
    return root


def reply(told: Story, root: Message, part: str) -> Message:
    """The one message in the thread that says it is this part."""
    (message,) = [each for each in told.slack.thread(root) if each.part == part]
    return message


def asked(told: Story) -> list[str]:
    return [call.step for call in told.model.requests]


async def test_a_retried_angle_takes_the_place_of_its_gap_and_the_report_is_written_anew(mode: Mode) -> None:
    """The thread must read as if nothing had failed; one line says so to those who had read the old report."""
    async with story(mode) as told:
        root = await partial(told)
        gap, report = reply(told, root, "angle/technical"), reply(told, root, "report")
        await told.click(gap, RETRY_ANGLE, "U0OTHER")
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert asked(told) == ["angle/technical", "report"]
        assert sorted(told.parts(root)) == sorted([*REPLIES, NOTE])
        assert "The technical view begins here" in reply(told, root, "angle/technical").text
        assert reply(told, root, "angle/technical").ts == gap.ts
        assert reply(told, root, "report").ts == report.ts
        assert "As found: The technical view begins here" in report.text
        assert "missing" not in report.text
        note = told.slack.thread(root)[-1]
        assert note.text == "The technical angle is now complete, and the report has been rewritten to include it."
        assert f"p{report.ts.replace('.', '')}?thread_ts={root.ts}" in note.blocks[0]["text"]["text"]
        await told.heard(STARTED, "U0OTHER")


async def test_messages_that_an_earlier_release_kept_by_their_links_are_rewritten_where_they_stand() -> None:
    """An upgrade must not post beside what stands, nor change where a link leads."""
    async with story("socket") as told:
        root = await partial(told)
        gap, report = reply(told, root, "angle/technical"), reply(told, root, "report")
        await told.restart()
        url = told.slack.workspace.url
        (run,) = await told.bot.runs.latest(told.bot.workspace.team, told.channel.id, 1)
        branches = tuple(each.model_copy(update={"link": permalink(url, each.link)}) for each in run.branches)
        links = tuple(permalink(url, each) for each in run.report_parts)
        await told.bot.runs.save(
            run.model_copy(update={"branches": branches, "report_link": links[0], "report_parts": links})
        )
        await told.click(gap, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert sorted(told.parts(root)) == sorted([*REPLIES, NOTE])
        assert "working again" in str(gap.versions)
        assert "The technical view begins here" in reply(told, root, "angle/technical").text
        assert "As found: The technical view begins here" in reply(told, root, "report").text
        assert f'{links[0]}"' in json.dumps(root.blocks)
        assert [each.ts for each in (gap, report)] == [reply(told, root, part).ts for part in (gap.part, report.part)]


async def test_while_it_goes_on_the_angle_and_the_root_say_so(mode: Mode) -> None:
    """Whoever looks must see that somebody cares already, and can stop it."""
    async with story(mode) as told:
        root = await partial(told)
        gate = told.hold("technical")["technical"]
        gap = reply(told, root, "angle/technical")
        await told.click(gap, RETRY_ANGLE, "U0OTHER")
        await told.says(root, "Working: 2 of 3 angles done. Historical: done in")
        assert "Technical: working." in root.text
        assert "started again by <@U0OTHER>" in root.text
        await told.slack.until(lambda: "working again. <@U0OTHER> asked for the retry." in gap.text)
        assert RETRY_ANGLE not in str(gap.blocks)
        gate.set()
        await told.says(root, "is done, 3 of 3 angles")


async def test_what_all_attempts_cost_adds_up(mode: Mode) -> None:
    """A retry is no way to hide a bill."""
    async with story(mode) as told:
        root = await partial(told)
        assert "4 model calls" in told.ending(root)
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert "6 model calls" in told.ending(root)
        assert "6 model calls" in str(reply(told, root, "report").blocks)


async def test_an_angle_that_fails_again_says_so_and_leaves_the_report_alone(mode: Mode) -> None:
    """A report with two voices is worth keeping, and the button too."""
    async with story(mode) as told:
        root = await partial(told)
        report = reply(told, root, "report")
        told.model.answer("angle/technical", "x", ms.REFUSED)
        before = len(root.versions)
        await told.click(report, RETRY_ANGLE)
        await told.slack.until(lambda: len(reply(told, root, "angle/technical").versions) == 3)
        await told.slack.until(lambda: len(root.versions) > before and "is partly done" in root.text)
        gap = reply(told, root, "angle/technical")
        assert "failed. The model declined to write about this topic" in gap.text
        assert "The report stays as it is." in gap.text
        assert len(report.versions) == 1
        assert sorted(told.parts(root)) == sorted(REPLIES)
        assert "is partly done: 2 of 3 angles. The technical angle failed." in root.text
        await told.click(gap, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")


async def test_one_button_retries_all_angles_that_failed(mode: Mode) -> None:
    """Two gaps, one click, one note."""
    async with story(mode) as told:
        root = await partial(told, "historical", "technical")
        labels = [element["text"]["text"] for element in root.blocks[3]["elements"][:2]]
        assert labels == ["Read the report", "Retry 2\N{NO-BREAK SPACE}angles"]
        await told.click(root, RETRY_ANGLE)
        await told.heard("Retrying the historical and technical angles. Their messages in the thread show the")
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: "note/updated/historical+technical" in told.parts(root))
        assert sorted(asked(told)) == ["angle/historical", "angle/technical", "report"]


async def test_a_run_with_another_gap_stays_partly_done(mode: Mode) -> None:
    """One gap closed does not close the other."""
    async with story(mode) as told:
        root = await partial(told, "historical", "technical")
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.slack.until(lambda: NOTE in told.parts(root))
        await told.says(root, "is partly done: 2 of 3 angles. The historical angle failed.")
        assert "One angle is missing: historical." in reply(told, root, "report").text
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: "note/updated/historical" in told.parts(root))


async def test_a_longer_report_takes_the_parts_that_stand_and_adds_the_rest(mode: Mode) -> None:
    """And when it grows short again, what is left over says that it is."""
    async with story(mode) as told:
        root = await partial(told, "historical", "technical")
        told.model.answer("report", LONG)
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.slack.until(lambda: NOTE in told.parts(root))
        parts = [part for part in told.parts(root) if part.startswith("report")]
        assert parts == ["report", *(f"report/{n}" for n in range(2, len(parts) + 1))]
        assert len(parts) > 3
        assert ["feedback_buttons" in str(reply(told, root, part).blocks) for part in parts] == [False] * (
            len(parts) - 1
        ) + [True]
        told.model.answer("report")
        await told.says(root, "is partly done")
        await told.click(root, RETRY_ANGLE)
        await told.slack.until(lambda: "note/updated/historical" in told.parts(root))
        assert [reply(told, root, part).text for part in parts[1:]] == ["This part is no longer needed."] * (
            len(parts) - 1
        )
        assert [part for part in told.parts(root) if part.startswith("report")] == parts
        assert "feedback_buttons" in str(reply(told, root, "report").blocks)


async def test_two_clicks_are_one_retry(mode: Mode) -> None:
    """Impatience must not be billed."""
    async with story(mode) as told:
        root = await partial(told)
        gate = told.hold("technical")["technical"]
        seen = first_seen(reply(told, root, "angle/technical"))
        await asyncio.gather(told.click(seen, RETRY_ANGLE, "U0ONE"), told.click(seen, RETRY_ANGLE, "U0TWO"))
        await told.slack.until(lambda: {answer.user for answer in told.slack.answers} >= {"U0ONE", "U0TWO"})
        assert sorted(answer.text for answer in told.slack.answers[1:]) == sorted([STARTED, UNDER_WAY])
        gate.set()
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == ["angle/technical", "report"]


async def test_a_button_of_a_gap_that_is_closed_is_stale(mode: Mode) -> None:
    """A client that slept must not pay for what is there."""
    async with story(mode) as told:
        root = await partial(told)
        old = first_seen(reply(told, root, "angle/technical"))
        await told.click(old, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        told.model.requests.clear()
        await told.click(old, RETRY_ANGLE, "U0OTHER")
        await told.heard(STALE, "U0OTHER")
        assert asked(told) == []


async def test_a_gap_is_not_retried_before_its_report_is_there(mode: Mode) -> None:
    """The other angles go on; the button waits for them."""
    async with story(mode) as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        gate = asyncio.Event()
        told.model.answer("report", gate=gate)
        root = await told.research("tea")
        await told.slack.until(lambda: len(told.parts(root)) == 3)
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.heard(UNDER_WAY)
        gate.set()
        await told.says(root, "is partly done")


async def test_a_run_that_failed_altogether_is_tried_again_as_a_whole(mode: Mode) -> None:
    """There is no report that one angle could be added to; the button at an angle must do what it says all the same."""
    async with story(mode) as told:
        told.model.answer("*", "x", *[ms.BAD_KEY] * 3)
        root = await told.says(await told.research("tea"), "Failed: none of the 3 angles could be completed.")
        told.model.answer("*")
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.heard("Retrying the historical, technical and societal angles.")
        await told.says(root, "is done, 3 of 3 angles")
        assert sorted(told.parts(root)) == sorted(["angle/historical", "angle/technical", "angle/societal", "report"])
        assert "failed" not in reply(told, root, "angle/technical").text


async def test_a_report_that_failed_is_not_repeated_by_retrying_an_angle(mode: Mode) -> None:
    """What was found is all there: only the report is missing, and its button stands in the channel."""
    async with story(mode) as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        root = await told.says(await told.research("tea"), "Failed: the report could not be written.")
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.heard("This run has no report. Press *Try again* on its message in the channel.")
        told.model.answer("*")
        await told.click(root, RETRY)
        await told.says(root, "is partly done")


@pytest.mark.parametrize("limit", ["runs_per_user", "runs_per_user_day"])
async def test_a_retry_counts_on_the_limits_of_who_presses(mode: Mode, limit: str) -> None:
    """Else other people's gaps would be a way around one's own limit."""
    limits: dict[str, Any] = {limit: 1}
    async with story(mode, **limits) as told:
        root = await partial(told)
        gates = told.hold("historical")
        own = await told.research("coffee", user="U0OTHER")
        await told.click(root, RETRY_ANGLE, "U0OTHER")
        await told.heard(
            "You already have 1 run in" if limit == "runs_per_user" else "You have used your 1 run", "U0OTHER"
        )
        gates["historical"].set()
        await told.says(own, "is done")
        await told.click(root, RETRY_ANGLE, "U0THIRD")
        await told.says(root, "is done, 3 of 3 angles")
        assert (await told.slack.command("cocoa", told.channel.id, user="U0THIRD")).acked
        if limit == "runs_per_user_day":
            assert told.slack.answers[-1].text.startswith("You have used your 1 run for today.")


async def test_the_button_works_after_the_bot_was_restarted(mode: Mode) -> None:
    """The message is still there, so it keeps its promise."""
    async with story(mode) as told:
        root = await partial(told)
        await told.restart()
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert asked(told) == ["angle/technical", "report"]
        assert sorted(told.parts(root)) == sorted([*REPLIES, NOTE])


async def test_a_retry_that_is_stopped_leaves_the_report_and_can_be_resumed(mode: Mode) -> None:
    """Stop ends the retry, not the run that came before it."""
    async with story(mode) as told:
        root = await partial(told)
        told.hold("technical")
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "Technical: working.")
        await told.click(root, STOP)
        await told.says(root, "The report stays as it was.")
        await told.slack.until(lambda: "failed" in reply(told, root, "angle/technical").text)
        assert "Read the report" in str(root.blocks)
        told.model.answer("*")
        await told.click(root, RESUME)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert sorted(told.parts(root)) == sorted([*REPLIES, NOTE])
        assert "As found: The technical view begins here" in reply(told, root, "report").text


async def test_a_report_that_cannot_be_rewritten_is_tried_again_alone(mode: Mode) -> None:
    """The angle that was found is kept; the old report gives way as soon as there is a new one."""
    async with story(mode) as told:
        root = await partial(told)
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "the report could not be written. All 3 angles are in the thread.")
        await told.slack.say(told.channel.id, "Why?", thread_ts=root.ts)
        await told.model.until(lambda: bool(told.model.asked("follow-up/*")))
        assert "<report>\n## Historical Overview" in told.model.asked("follow-up/*")[0].prompt  # the one that stands
        await told.slack.until(lambda: any(part.startswith("answer/") for part in told.parts(root)))
        told.model.answer("report")
        told.model.requests.clear()
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert asked(told) == ["report"]
        assert sorted(part for part in told.parts(root) if "/" not in part or part in [*REPLIES, NOTE]) == sorted(
            ["", *REPLIES, NOTE]
        )
        assert "8 model calls" in told.ending(root)


async def test_a_report_that_was_deleted_is_posted_anew(mode: Mode) -> None:
    """Tidying up must not lose what was asked for."""
    async with story(mode) as told:
        root = await partial(told)
        told.slack.delete(reply(told, root, "report"))
        await told.click(root, RETRY_ANGLE)
        await told.slack.until(lambda: NOTE in told.parts(root))
        assert sorted(told.parts(root)) == sorted([*REPLIES, NOTE])
