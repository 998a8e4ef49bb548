"""Messages that cite pages: links, the line of sources, what is said aloud."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.checks import markdown_length, problems
from bot.research import angles, words
from bot.research.evidence.provenance import TINY_MODEL
from bot.research.model import Checks, Finding, Passage, Report, Section, Source
from bot.research.run_state import Phase, Run
from bot.research.words import TINY_LABEL
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Verdict
from bot.slack.format.blocks import Message
from bot.slack.messages.answer import answer_messages
from bot.slack.messages.root import root_message
from bot.slack.messages.thread import MARKDOWN_LIMIT, TEXT_LIMIT, finding_messages, report_messages
from tests.slack.format.nasty_texts import NASTY
from tests.slack.messages.test_payloads import ASKER, WORKSPACE, pings, shown
from tests.support.fakes import question
from tests.support.slackblocks_check import second_opinion

LINK = re.compile(r"\[\[(\d+)\]\]\(([^()\s]*)\)")
LINE = re.compile(r"<([^<>|]+)\|(\[\d+\][^<>|]*)>")
names = st.one_of(st.text(max_size=60), st.sampled_from([*NASTY, "a|b>c<d", "جريدة الشرق", "*x* _y_ `z`"]))
paths = st.one_of(st.text(max_size=60), st.just("a/" * 400), st.just("?a=1&b=<!channel>&#64;here&@everyone"))
pages = st.builds(
    lambda name, path, text: Source(
        name=name, title=name, url=f"https://site.example/{path}", passages=(Passage(letter="a", text=text),)
    ),
    names,
    paths,
    st.sampled_from(NASTY),
)


def numbered(found: list[Source], first: int = 1) -> tuple[Source, ...]:
    """The pages with numbers of their own."""
    return tuple(page.model_copy(update={"number": number}) for number, page in enumerate(found, first))


def sourced(sources: tuple[Source, ...], text: str) -> Run:
    """A run whose only finding and whose report say this, and rest on these pages."""
    finding = Finding(angle=angles.TECHNICAL, text=text, sources=sources, checks=Checks(statements=3, checked=2))
    run = Run.of(question(angles=(angles.TECHNICAL,))).with_branch("technical", result=finding, link="C1/1.1/1.2")
    report = Report(summary="Yes.", sections=(Section(title="Synthesis", text=text),), checks=finding.checks)
    changes = {"phase": Phase.DONE, "report": report, "report_link": "C1/1.1/1.3", "ref": "C1/1.1"}
    return run.model_copy(update=changes)


def told(run: Run) -> list[Message]:
    """Every message of it that may cite."""
    text = run.findings[0].text
    ask = ReplyJob(run_id=run.id, thread="C1/1.1", ts="2.2", asker=ASKER, text="Why?", asked_at=2.2)
    answers = answer_messages(run, ask, Answer(verdict=Verdict.ANSWERED, text=text, angles=("technical",)))
    return [
        *finding_messages(run, run.findings[0]),
        *report_messages(run, text),
        *answers,
        root_message(run, WORKSPACE),
    ]


@given(st.lists(pages, min_size=1, max_size=8))
def test_whatever_a_page_is_called_no_message_pings_and_slack_takes_each(found: list[Source]) -> None:
    """A page's name is anybody's to choose."""
    sources = numbered(found)
    text = "\n\n".join(f"Statement {each.number} [{each.number}a][1a]. And more [{each.number}a]." for each in sources)
    for message in told(sourced(sources, text)):
        payload = {"text": message.text, "blocks": list(message.blocks), "metadata": message.metadata}
        assert problems(payload) + second_opinion(payload) == []
        assert len(message.text) <= TEXT_LIMIT
        assert markdown_length(list(message.blocks)) <= MARKDOWN_LIMIT
        assert [ping for each in shown(payload) for ping in pings(each)] == []
        for block in message.blocks:
            if block["block_id"].endswith(".sources"):
                assert all(len(element["text"]) <= 3_000 for element in block["elements"])
                assert sum(LINE.subn("", each["text"])[1] for each in block["elements"]) <= len(sources)


@given(st.lists(pages, min_size=1, max_size=6), st.integers(1, 40), st.sampled_from([TEXT_LIMIT, 500]))
def test_no_link_is_cut_in_two_and_none_is_lost(found: list[Source], times: int, limit: int) -> None:
    """Half a link is no link, and a statement without its source cannot be checked."""
    sources = numbered(found)
    text = "字" * 700 + "".join(f"很好[{each.number}a]。Word{each.number}[{each.number}a] " for each in sources) * times
    run = sourced(sources, text)
    messages = finding_messages(run, run.findings[0], limit)
    bodies = [block["text"] for message in messages for block in message.blocks if block["type"] == "markdown"]
    bare = [re.sub(r"\[\[(\d+)\]\]\([^()\s]*\)", r"[\1]", body) for body in bodies]
    cited = [int(number) for body in bare for number in re.findall(r"\[(\d+)\]", body)]
    assert cited == [int(number) for number in re.findall(r"\[(\d+)a\]", text)]
    assert not any(re.search(r"\[\d*a?$|^\d*a?\]|\]\(", body) for body in bare)
    assert all(markdown_length(list(message.blocks)) <= MARKDOWN_LIMIT for message in messages)


def page(number: int, name: str = "", host: str = "site") -> Source:
    """A page of a run."""
    passages = (Passage(letter="a", text=f"Sentence {number} of a page that has some words, and ends with others."),)
    return Source(
        name=name or f"Site {number}", url=f"https://{host}{number}.example/", number=number, passages=passages
    )


def test_a_message_names_the_pages_that_it_cites_and_no_others() -> None:
    """Who wants to know where it comes from sees it without opening anything."""
    run = sourced((page(11), page(12, "R&D | <b>"), page(13)), "One [12a]. Two [11a][11a].")
    [message] = finding_messages(run, run.findings[0])
    [line] = [block for block in message.blocks if block["block_id"] == "research.angle.sources"]
    assert [element["text"] for element in line["elements"]] == [
        "Sources: <https://site11.example/|[11]\N{NO-BREAK SPACE}Site 11> · "
        "<https://site12.example/|[12]\N{NO-BREAK SPACE}R&amp;D / &lt;b&gt;>"
    ]
    assert "One [12]. Two [11].\nSources: [11] Site 11, [12] R&amp;D | &lt;b&gt;." in message.text
    assert "https://" not in message.text


def test_each_part_of_a_long_report_names_its_own_pages() -> None:
    """The second message is read by itself."""
    sources = tuple(page(number) for number in range(1, 61))
    text = "\n\n".join(f"## Part {each.number}\n{'Words. ' * 40}So it is [{each.number}a]." for each in sources)
    messages = report_messages(sourced(sources, text), text)
    assert len(messages) > 1
    for message in messages:
        blocks = {block["block_id"]: block for block in message.blocks}
        cited = {number for number, _ in LINK.findall(blocks["research.report.body"]["text"])}
        lines = "".join(element["text"] for element in blocks["research.report.sources"]["elements"])
        assert set(re.findall(r"\|\[(\d+)\]", lines)) == cited


def test_a_report_with_sources_says_how_it_was_checked_and_one_without_says_that_it_has_none() -> None:
    """The warning stays where it is due."""
    run = sourced((page(1),), "One [1a].")
    [message] = report_messages(run, "One [1a].")
    said = "Written by AI · 2 of 3 cited statements checked against the pages, 1 site"
    assert [b["elements"][0]["text"] for b in message.blocks if b["block_id"] == "research.report.checks"] == [said]
    assert said.replace(" · ", ", ") in message.text
    assert said in root_message(run, WORKSPACE).blocks[-1]["elements"][0]["text"]
    [bare] = report_messages(sourced((), "One."), "One.")
    assert "No web sources: written by AI" in bare.text


def test_a_name_that_reads_from_the_right_stays_with_its_number() -> None:
    """Else the next number would stand before it, as if it were its own."""
    run = sourced((page(1, "جريدة"), page(2, "Site")), "One [1a][2a].")
    [message] = finding_messages(run, run.findings[0])
    [line] = [block for block in message.blocks if block["block_id"] == "research.angle.sources"]
    assert "جريدة\N{LEFT-TO-RIGHT MARK}> · <" in line["elements"][0]["text"]


def test_a_run_says_once_why_its_angles_have_no_sources() -> None:
    """Whoever runs the bot reads it where the run stands."""
    run = sourced((), "One.")
    finding = run.findings[0].model_copy(update={"unsourced": "search_credit"})
    run = run.with_branch("technical", result=finding)
    message = root_message(run, WORKSPACE)
    [said] = [block for block in message.blocks if block["block_id"] == "research.root.search"]
    assert said["elements"][0]["text"] == "Web search is not available: the search provider's account is used up."
    assert said["elements"][0]["text"] in message.text
    assert finding_messages(run, finding)[0].blocks[-1]["elements"][0]["text"].endswith("no web sources")


def test_the_label_of_a_model_that_knows_nothing_stands_with_each_of_its_texts() -> None:
    """Whoever reads one of them alone must know that its facts are likely invented."""
    run = sourced((), "One.")
    finding = run.findings[0].model_copy(update={"unsourced": TINY_MODEL})
    run = run.with_branch("technical", result=finding)
    ask = ReplyJob(run_id=run.id, thread="C1/1.0", ts="2.0", asker="U1", text="why?", asked_at=0)
    [answer] = answer_messages(run, ask, Answer(verdict=Verdict.ANSWERED, text="So."))
    [report] = report_messages(run, "One.")
    [angle] = finding_messages(run, finding)
    for message in (answer, report, angle, root_message(run, WORKSPACE)):
        small = " ".join(
            each["text"] for block in message.blocks for each in block.get("elements", []) if each["type"] == "mrkdwn"
        )
        assert TINY_LABEL in small.replace("Tiny", "tiny"), message.part
        assert words.capital(TINY_LABEL) in message.text, message.part


def test_the_summary_in_the_channel_has_no_markers() -> None:
    """Whoever reads it there has not seen the pages; the report has the links."""
    run = sourced((page(1),), "One [1a].")
    report = Report(summary="It grew [1a], and fell [1a].", sections=())
    message = root_message(run.model_copy(update={"report": report}), WORKSPACE)
    assert [block["text"]["text"] for block in message.blocks if block["block_id"] == "research.root.summary"] == [
        "It grew, and fell."
    ]


def test_only_addresses_of_pages_that_were_read_are_posted() -> None:
    """A page without an address that leads anywhere is named, and not linked."""
    odd = [page(1).model_copy(update={"url": url}) for url in ("javascript:alert(1)", f"https://a.example/{'a' * 600}")]
    for source in odd:
        [message] = finding_messages(run := sourced((source,), "One [1a]. Other [2a]."), run.findings[0])
        assert [text for text in shown(list(message.blocks)) if "[1]" in text] == [
            "One [1]. Other.",
            "Sources: [1]\N{NO-BREAK SPACE}Site 1",
        ]
