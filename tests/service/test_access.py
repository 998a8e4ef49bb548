"""Who may start research and ask on, and where."""

from __future__ import annotations

from contextlib import suppress
from itertools import product

import pytest
from structlog.testing import capture_logs

from bot.service.access import Access, Standing
from bot.service.admission import Admission
from bot.service.channels import ChannelChange, ChannelIds
from bot.service.errors import ChannelOff, UserOff

NOBODY, ONE, TWO = frozenset[str](), frozenset({"U1"}), frozenset({"U2"})
HERE, THERE = frozenset({"C1"}), frozenset({"C2"})


class Town:
    """Tells where people belong; ``asked`` is about whom it was asked, or told to expect that."""

    def __init__(self, standing: Standing = Standing.MEMBER) -> None:
        self.told, self.asked = standing, list[str]()

    def expect(self, person: str) -> None:
        self.asked.append(person)

    async def standing(self, person: str) -> Standing:
        self.asked.append(person)
        return self.told


def off(access: Access, person: str = "U1", channel: str = "C1") -> type[Exception] | None:
    """What is off for somebody who asks."""
    try:
        access.ask(person, [channel])
    except (UserOff, ChannelOff) as refusal:
        return type(refusal)
    return None


async def starts(access: Access, standing: Standing) -> bool:
    """Whether somebody who belongs there may start research."""
    try:
        await Admission(access, Town(standing), ChannelIds()).start("U1", "C1")
    except UserOff:
        return False
    return True


@pytest.mark.parametrize(("allow", "deny"), list(product((NOBODY, ONE, TWO), repeat=2)))
def test_of_people_deny_wins_and_an_empty_allow_list_allows_all(allow: frozenset[str], deny: frozenset[str]) -> None:
    """Whoever denies somebody means it, whatever else is set."""
    may = "U1" not in deny and (not allow or "U1" in allow)
    assert off(Access(allow_users=allow, deny_users=deny)) == (None if may else UserOff)


@pytest.mark.parametrize(("allow", "deny"), list(product((NOBODY, HERE, THERE), repeat=2)))
def test_of_channels_too_but_no_list_is_about_direct_messages(allow: frozenset[str], deny: frozenset[str]) -> None:
    """Nobody can name everybody's, and nobody else reads them."""
    access = Access(allow_channels=allow, deny_channels=deny)
    may = "C1" not in deny and (not allow or "C1" in allow)
    assert off(access) == (None if may else ChannelOff)
    assert [off(access, channel=each) for each in ("D1", "")] == [None, None]


def test_who_may_nowhere_is_not_sent_to_another_channel() -> None:
    assert off(Access(deny_users=ONE, deny_channels=HERE)) == UserOff


@pytest.mark.parametrize(("guests", "external"), list(product((True, False), repeat=2)))
async def test_guests_and_external_people_start_research_where_that_is_set(guests: bool, external: bool) -> None:
    """They may ask on in any case, and who cannot be placed counts as a member."""
    access = Access(guests=guests, external=external)
    assert [await starts(access, each) for each in Standing] == [True, guests, external, True]
    assert off(access) is None
    named = Access(allow_users=ONE, guests=guests, external=external)
    assert [await starts(named, each) for each in Standing] == [True] * 4


async def test_where_people_belong_is_asked_only_where_it_matters() -> None:
    """Each question to Slack is another thing that may take long."""
    for access, matters in (
        (Access(), False),
        (Access(guests=False), True),
        (Access(external=False), True),
        (Access(guests=False, external=False, allow_users=ONE), False),
        (Access(guests=False, external=False, deny_users=ONE), False),
    ):
        admission = Admission(access, town := Town(), ChannelIds())
        with suppress(UserOff):
            admission.ask("U1", "C1")
            await admission.start("U1", "C1")
        assert town.asked == ["U1"] * matters


async def test_a_member_by_default_of_knowledge_is_noted() -> None:
    """An operator whose token may not read people must learn that guests are let in."""
    admission = Admission(Access(guests=False), Town(Standing.UNKNOWN), ChannelIds())
    with capture_logs() as logs:
        await admission.start("U1", "C1")
    assert [(each["event"], each["counts_as"], each["log_level"]) for each in logs] == [
        ("standing.unknown", "member", "warning")
    ]


async def test_a_channel_stays_off_under_another_id() -> None:
    """Slack gives a channel another one when somebody begins to share it."""
    channels = ChannelIds()
    channels.learn(ChannelChange(former="G1", current="C1", at=1))
    admission = Admission(Access(deny_channels=frozenset({"G1"})), None, channels)
    with pytest.raises(ChannelOff):
        admission.ask("U1", "C1")
    assert admission.refusals == {"user_off": 0, "channel_off": 1}


async def test_what_was_refused_is_counted_by_what_is_off() -> None:
    admission = Admission(Access(deny_users=ONE, guests=False), Town(Standing.GUEST), ChannelIds())
    for person in ("U1", "U2", "U2"):
        with pytest.raises(UserOff):
            await admission.start(person, "C1")
    admission.ask("U2", "C1")
    assert admission.refusals == {"user_off": 3, "channel_off": 0}
