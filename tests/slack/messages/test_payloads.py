"""Whole messages from whatever people and models write: harmless, valid, complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.checks import markdown_length, problems
from bot.research import angles, words
from bot.research.errors import Misasked
from bot.research.model import OWN_ANGLE, Angle, Failure, Finding, Gap, Limit, Node, Plan, Report, Section, Unwritten
from bot.research.run_state import Phase, Run
from bot.service.errors import LimitReached
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Verdict
from bot.slack.format.blocks import Message
from bot.slack.format.markdown import plain
from bot.slack.messages import ephemeral, notes
from bot.slack.messages import pressed as pressed
from bot.slack.messages.answer import answer_messages
from bot.slack.messages.root import root_message
from bot.slack.messages.run_list import listing
from bot.slack.messages.thread import (
    MARKDOWN_LIMIT,
    TEXT_LIMIT,
    finding_messages,
    gap_message,
    report_messages,
    retrying_message,
    unneeded_message,
)
from tests.slack.format.nasty_texts import NASTY
from tests.slack.format.test_markdown import documents
from tests.support.fakes import question
from tests.support.slackblocks_check import second_opinion

ASKER = "U04MZ8R1C2D"
WORKSPACE = "https://acme.slack.com/"
# What may stay: our own mentions, and addresses, in which an @ means no more than itself.
OURS = re.compile(
    rf"(?i)https?://[^\s<>|&]*|<@{ASKER}>|<@U1>|<!date\^\d+\^[^|>]+\|[^>]+>|<#C05QK2T7H1P>|<https://acme[^|>]+\|"
)
ENDS = (Phase.FAILED, Phase.UNWRITTEN, Phase.STOPPED, Phase.BROKEN)

# Texts as they reach us: unescaped, with their blanks folded, of a length that is accepted.
topics = st.one_of(st.text(min_size=2, max_size=300), st.sampled_from([text[:300] for text in NASTY if len(text) > 1]))
texts = st.one_of(st.text(min_size=1), st.sampled_from(NASTY), documents).filter(
    lambda text: any(map(str.isalnum, text))
)


def finding(text: str, angle: Angle = angles.TECHNICAL) -> Finding:
    return Finding(angle=angle, text=text)


def reported(topic: str, text: str) -> Run:
    """A run with one finding, two gaps and a report, all of which say this."""
    run = Run.of(question(topic))
    run = run.with_branch("technical", result=finding(text), link="C1/1.1/1.2")
    for angle in (angles.HISTORICAL, angles.SOCIETAL):
        gap = Gap(angle=angle, cause="x", sentence=text[:80], short=text[:80])
        run = run.with_branch(angle.slug, result=gap)
    report = Report(summary=text[:400], sections=(Section(title="Synthesis", text=text),))
    changes = {"phase": Phase.PARTIAL, "report": report, "report_link": "C1/1.1/1.3", "ref": "C1/1.1"}
    return run.model_copy(update=changes)


def named(name: str) -> Run:
    """A run whose two angles are called like this; one has a finding, one is missing."""
    one, other = (Angle(slug=slug, title=name[:60], section=name[:60], prompt=OWN_ANGLE) for slug in ("one", "other"))
    run = Run.of(question(angles=(one, other))).with_branch("one", result=finding("x", one), link="C1/1.1/1.2")
    run = run.with_branch("other", result=Gap(angle=other, cause="x", sentence="y", short="z"))
    return run.model_copy(update=reported("tea", "x").model_dump(include={"phase", "report_link", "ref"}))


def told(topic: str, text: str) -> Iterator[Message]:
    """Every message that there can be of such a run."""
    own = named(topic)
    yield from finding_messages(own, own.findings[0])
    yield gap_message(own, own.gaps[0])
    yield retrying_message(own, own.gaps[0].angle, "U1")
    ask = ReplyJob(run_id=own.id, thread="C1/1.1", ts="2.2", asker=ASKER, text=topic, asked_at=2.2)
    names = tuple(angle.name for angle in own.question.angles)
    yield from answer_messages(own, ask, Answer(verdict=Verdict.ANSWERED, text="As it says.", angles=names))
    yield notes.updated(
        own.retrying(["other"], "U1").with_branch("other", result=finding("x", own.gaps[0].angle)), WORKSPACE
    )
    yield from report_messages(own, text)
    yield root_message(own, WORKSPACE)
    yield root_message(own.model_copy(update={"phase": Phase.WORKING}), WORKSPACE)
    run = reported(topic, text)
    yield from finding_messages(run, run.findings[0])
    yield gap_message(run, run.gaps[0])
    yield gap_message(run, run.gaps[0], words.REPORT_AS_IT_IS)
    yield retrying_message(run, run.gaps[0].angle, "U1")
    yield unneeded_message(run.id, 2)
    yield from report_messages(run, text)
    yield root_message(run, WORKSPACE)
    yield root_message(run.model_copy(update={"limit": Limit(cause="time_limit", most=360)}), WORKSPACE)
    yield root_message(Run.of(run.question), WORKSPACE)
    for phase in (Phase.WORKING, Phase.WRITING, *ENDS):
        unwritten = Unwritten(cause="x", sentence=text[:80], short=text[:80])
        changes = {"phase": phase, "report": unwritten, "resumed_at": 1.0, "stopped_by": "U1", "again_by": "U1"}
        yield root_message(run.model_copy(update=changes), WORKSPACE)
    yield from planned(run, text)
    yield from conversed(run, topic, text)
    yield notes.canvas(run, "https://acme.slack.com/docs/T1/F1")
    retried = run.retrying(("historical", "societal"), "U1")
    for angle in (angles.HISTORICAL, angles.SOCIETAL):
        retried = retried.with_branch(angle.slug, result=finding(text, angle))
    yield notes.updated(retried, WORKSPACE)
    yield from report_messages(retried, text)
    yield from deep(run, text)
    yield notes.moved(run.question, "is_archived")
    yield notes.deleted(run.question)
    yield notes.refused(run.question, ephemeral.not_posted("not_in_channel", run.question))


def deep(run: Run, text: str) -> Iterator[Message]:
    """Every message that is another one where angles are split into questions."""
    nodes = tuple(
        Node(name=f"{n}", question=text[:200], failure=Failure(cause="x", told=(text[:80],) * 2)) for n in range(9)
    )
    lacking = run.findings[0].model_copy(update={"nodes": nodes, "unsplit": True})
    made = run.with_branch("technical", result=lacking)
    yield from finding_messages(made, lacking)
    yield from report_messages(made, text)
    yield root_message(made, WORKSPACE)
    open_again = made.retrying(["technical"], "U1").model_copy(update={"phase": Phase.WORKING})
    yield root_message(open_again, WORKSPACE)
    yield notes.updated(open_again.with_branch("technical", result=run.findings[0]), WORKSPACE)


def planned(run: Run, text: str) -> Iterator[Message]:
    """Every message that is another one where a planner chooses the angles."""
    planning = Run.of(run.question.model_copy(update={"angles": ()}))
    for phase in (Phase.STARTING, Phase.WORKING, Phase.STOPPED, Phase.BROKEN):
        yield root_message(planning.model_copy(update={"phase": phase, "resumed_at": 1.0}), WORKSPACE)
    for standard in (False, True):
        made = run.model_copy(update={"plan": Plan(angles=angles.DEFAULT, standard=standard)})
        yield root_message(made, WORKSPACE)
        yield root_message(made.model_copy(update={"phase": Phase.WORKING}), WORKSPACE)
        yield from report_messages(made, text)


def conversed(run: Run, topic: str, text: str) -> Iterator[Message]:
    """Every answer that there can be in its thread."""
    ask = ReplyJob(run_id=run.id, thread="C1/1.1", ts="2.2", asker=ASKER, text=topic, asked_at=2.2)
    for verdict in (Verdict.ANSWERED, Verdict.DECLINED):
        yield from answer_messages(run, ask, Answer(verdict=verdict, text=text, angles=("technical",)))
    yield from answer_messages(run, ask, Answer(verdict=Verdict.FAILED, text=text[:80]))


def private(topic: str) -> list[ephemeral.Payload]:
    """Every private answer that quotes what somebody typed."""
    asked = question(topic)
    limit = LimitReached("user", 2, (asked, asked))
    limit.topic = topic
    run = reported(topic, "x")
    return [
        ephemeral.starting(asked),
        ephemeral.not_posted("channel_not_found", asked),
        ephemeral.moved_to_direct(asked),
        ephemeral.starting_elsewhere(asked),
        ephemeral.misasked(Misasked("unknown_option", said=f"--{topic[:30]}")),
        ephemeral.limit_reached(limit),
        listing("Latest runs here", "None.", [run] * 30, "https://acme.slack.com/"),
        listing("Latest runs here", "None.", [named(topic)], "https://acme.slack.com/"),
        pressed.retrying(list(named(topic).branches)),
    ]


def shown(payload: object) -> Iterator[str]:
    """Every text of a payload, ids left out."""
    if isinstance(payload, dict):
        for name, value in payload.items():
            if name not in ("type", "block_id", "action_id", "value", "url", "style", "response_type"):
                yield from shown(value)
    elif isinstance(payload, list | tuple):
        for value in payload:
            yield from shown(value)
    elif isinstance(payload, str):
        yield payload


def pings(text: str) -> list[str]:
    """What a client would read as a ping, once our own mentions are out; entities are what Slack makes of them."""
    left = OURS.sub("", text)
    found = re.findall(r"<[!@][^>]*", left) + re.findall(r"@(?:channel|here|everyone)", left, re.IGNORECASE)
    return found + re.findall(r"&#0*60;?[!@]|&#[xX]0*3[cC];?[!@]", left)


@given(topics, texts)
def test_no_message_pings_anybody_but_its_asker(topic: str, text: str) -> None:
    """One ping of a whole workspace, and the bot is thrown out."""
    for message in told(topic, text):
        for each in shown([message.text, list(message.blocks)]):
            assert pings(each) == []
    for answer in private(topic):
        assert [ping for each in shown(answer) for ping in pings(each)] == []


@given(topics, texts)
def test_every_message_is_one_that_slack_takes(topic: str, text: str) -> None:
    """A refused message is a lost angle."""
    for message in told(topic, text):
        payload = {"text": message.text, "blocks": list(message.blocks), "metadata": message.metadata}
        json.dumps(payload, ensure_ascii=False).encode()
        assert problems(payload) + second_opinion(payload) == []
        assert len(message.text) <= TEXT_LIMIT
        assert markdown_length(list(message.blocks)) <= MARKDOWN_LIMIT
    for answer in private(topic):
        json.dumps(answer, ensure_ascii=False).encode()
        assert problems(answer) + second_opinion(answer) == []


@given(documents.map(lambda text: text * 12))
def test_the_parts_of_a_long_text_hold_all_of_it_in_order(text: str) -> None:
    """Nothing is dropped silently, and no part is empty."""
    pages = finding_messages(Run.of(question()), finding(text))
    bodies = [block["text"] for page in pages for block in page.blocks if block["type"] == "markdown"]
    assert len(bodies) == len(pages)
    assert all(body.strip() for body in bodies)
    rest = iter(word for body in bodies for word in said(body))
    assert all(word in rest for word in said(text))


def said(text: str) -> list[str]:
    """The words; an item's number is counted anew in each part, and a table's head comes again."""
    return re.findall(r"\w+", re.sub(r"(?m)^\s*\d+\. ", "", plain(text)))


@pytest.mark.parametrize("text", ["word " * 3_000, "```python\n" + "print('x')\n" * 800 + "```"])
def test_parts_are_numbered_where_they_are_seen_and_where_they_are_heard(text: str) -> None:
    """Whoever sees one part must know that there are others."""
    pages = finding_messages(Run.of(question()), finding(text))
    for number, page in enumerate(pages, 1):
        assert page.blocks[0]["text"]["text"] == f"Technical angle ({number} of {len(pages)})"
        assert f"part {number} of {len(pages)}." in page.text
        assert page.part == ("angle/technical" if number == 1 else f"angle/technical/{number}")
    assert [len(page.blocks) for page in pages] == [2] * (len(pages) - 1) + [3]


def test_six_angles_of_long_names_with_a_cause_each_fit_into_a_message() -> None:
    """A refused message is a lost report, however odd the names."""
    own = tuple(Angle(slug=f"own-{n}", title="&" * 59 + f"{n}", section=f"{n}", prompt=OWN_ANGLE) for n in range(6))
    run = Run.of(question(angles=own)).with_branch("own-0", result=finding("x", own[0]))
    for angle in own[1:]:
        sentence = f"the model did not answer within 9{angle.slug[-1]} s (tried 2 times)"
        run = run.with_branch(angle.slug, result=Gap(angle=angle, cause="x", sentence=sentence, short=sentence))
    report = Report(summary="Yes.", sections=(Section(title="Synthesis", text="Words. " * 300),))
    run = run.model_copy(update={"phase": Phase.PARTIAL, "report": report, "report_link": "C1/1.1/1.3"})
    for message in (root_message(run, WORKSPACE), *report_messages(run, report.markdown)):
        assert problems({"text": message.text, "blocks": list(message.blocks), "metadata": message.metadata}) == []
