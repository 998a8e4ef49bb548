"""One writer a root message: people see the latest state, soon, without flicker."""

from __future__ import annotations

import asyncio

from bot.slack.transport.outbox import Rank
from tests.slack.transport.edits import Desk, no_wait, state
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_a_first_state_is_shown_at_once_and_whole() -> None:
    """A chat.update without blocks removes them, one that parses names pings."""
    desk = Desk()
    desk.show("working")
    with no_wait():
        await desk.settled()
    [call] = desk.slack.calls
    assert (call["channel"], call["ts"], call["parse"], call["link_names"]) == ("C1", "17.5", "none", False)
    assert call["blocks"] == list(state("working").blocks)
    assert call["metadata"] == state("working").metadata


@in_virtual_time
async def test_a_later_state_takes_the_place_of_one_that_waits() -> None:
    """Nobody wants to see how it was two states ago."""
    desk = Desk()
    desk.show("0 of 3")
    await desk.settled()
    for name in ("1 of 3", "2 of 3", "3 of 3"):
        desk.show(name)
    assert await desk.settled() == [(0, "0 of 3"), (1.5, "3 of 3")]


@in_virtual_time
async def test_the_first_state_after_a_restart_holds_all_that_was_known_before() -> None:
    """What is read back from the store must not be seen to begin anew, and edits must keep their distance."""
    desk = Desk(found_again=True)
    for name in ("resuming", "resuming, 1 of 3", "resuming, 2 of 3"):
        desk.show(name)
    assert await desk.settled() == [(1.5, "resuming, 2 of 3")]


@in_virtual_time
async def test_a_last_state_waits_for_nothing() -> None:
    """The report is there: its button must be, too."""
    desk = Desk()
    desk.show("working")
    await desk.settled()
    await asyncio.sleep(0.25)
    desk.show("writing")
    desk.show("done", last=True)
    assert await desk.settled() == [(0, "working"), (0.25, "done")]
    await asyncio.sleep(60)
    assert desk.slack.shown == ["working", "done"]


@in_virtual_time
async def test_a_last_state_goes_before_other_roots_that_only_move_on() -> None:
    """Somebody waits for this one."""
    desk = Desk()
    others = [desk.outbox.edits.add(Rank.UPDATE, name, lambda: asyncio.sleep(1)) for name in ("other", "another")]
    desk.show("done", last=True)
    await desk.settled()
    assert not any(other.done() for other in others)


@in_virtual_time
async def test_a_state_that_came_while_another_was_sent_is_shown_after_it() -> None:
    """Else a root would stand still one step behind its run."""
    desk = Desk(takes=0.5)
    desk.show("1 of 3")
    await asyncio.sleep(0.25)
    desk.show("2 of 3")
    desk.show("3 of 3")
    assert await desk.settled() == [(0, "1 of 3"), (2, "3 of 3")]


@in_virtual_time
async def test_a_last_state_that_came_while_another_was_sent_is_the_last_that_is_sent() -> None:
    """An older state that arrives late must not stand for good."""
    desk = Desk(takes=0.5)
    desk.show("writing")
    await asyncio.sleep(0.25)
    desk.show("done", last=True)
    assert await desk.settled() == [(0, "writing"), (0.5, "done")]


@in_virtual_time
async def test_a_state_that_stands_already_is_not_sent_again() -> None:
    """An edit that changes nothing costs one that would."""
    desk = Desk()
    desk.show("working")
    await desk.settled()
    desk.show("working")
    assert await desk.settled() == [(0, "working")]
