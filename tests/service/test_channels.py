"""Which ids mean the same channel, and which of them is good now."""

from __future__ import annotations

import asyncio
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.channels import ChannelChange, ChannelIds

FIRST, SECOND = "G012Y48650T", "C012Y48650T"  # as they change when a private channel is first shared
CHAIN = [
    ChannelChange(former=FIRST, current=SECOND, at=1),
    ChannelChange(former=SECOND, current="C3", at=2),
    ChannelChange(former="C7", current="C8", at=1.5),
]


def knowing(*changes: ChannelChange) -> ChannelIds:
    ids = ChannelIds()
    for change in changes:
        ids.learn(change)
    return ids


@pytest.mark.parametrize("order", list(permutations([*CHAIN, CHAIN[0]])))
def test_changes_are_followed_in_whatever_order_and_however_often_they_are_told(
    order: tuple[ChannelChange, ...],
) -> None:
    """Slack repeats events, and does not promise their order."""
    ids = knowing(*order)
    for each in (FIRST, SECOND, "C3"):
        assert ids.current(each) == "C3"
        assert (ids.same(each)[0], sorted(ids.same(each))) == (each, sorted([FIRST, SECOND, "C3"]))
    assert (ids.current("C7"), ids.current("C1"), ids.same("C1")) == ("C8", "C1", ("C1",))
    assert set(ids.threads("C8/1.5")) == {"C8/1.5", "C7/1.5"}


def test_a_channel_that_has_its_first_id_again_is_known_by_it() -> None:
    """Nobody promises that it cannot be; nothing may go round in circles."""
    ids = knowing(
        ChannelChange(former="C1", current="C2", at=1),
        ChannelChange(former="C2", current="C1", at=2),
        ChannelChange(former="C1", current="C2", at=1),
    )
    assert (ids.current("C1"), ids.current("C2"), set(ids.same("C2"))) == ("C1", "C1", {"C1", "C2"})


@pytest.mark.parametrize(
    ("text", "renewed"),
    [
        ("G012Y48650T", "C3"),
        ("G012Y48650T,C1,C7", "C3,C1,C8"),
        ("https://acme.slack.com/archives/G012Y48650T/p12?thread_ts=1.2&cid=G012Y48650T", None),
        ("<#C012Y48650T> and <#C012Y48650T|energy>", "<#C3> and <#C3|energy>"),
        ('{"run_id": null, "channel_id": "C012Y48650T"}', '{"run_id": null, "channel_id": "C3"}'),
        ("G012Y48650TX xG012Y48650T C71 C_C7 g012y48650t", "G012Y48650TX xG012Y48650T C71 C_C7 g012y48650t"),
        ("", ""),
    ],
)
def test_in_what_is_sent_each_id_is_the_one_that_is_good_now(text: str, renewed: str | None) -> None:
    """Links, lists, the state of a form: Slack knows the earlier id of a channel nowhere."""
    link = "https://acme.slack.com/archives/C3/p12?thread_ts=1.2&cid=C3"
    assert knowing(*CHAIN).renewed(text) == (link if renewed is None else renewed)


@given(st.text())
def test_texts_are_left_alone_by_whoever_knows_of_no_change(text: str) -> None:
    """Most workspaces never see one."""
    assert ChannelIds().renewed(text) == text


async def test_who_waits_for_a_change_hears_of_it() -> None:
    """Slack changes an id first and tells of it then."""
    ids = ChannelIds()
    waiting = asyncio.create_task(ids.changed(FIRST))
    await asyncio.sleep(0)
    ids.learn(CHAIN[2])
    await asyncio.sleep(0)
    assert not waiting.done()
    ids.learn(CHAIN[0])
    await waiting
    await ids.changed(FIRST)
