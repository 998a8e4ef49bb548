"""Slack's mrkdwn looks in the playground as it does in Slack, whatever it says."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page import draw
from tests.support.drawn import NAMES, TEAM, harmless

START, END = '<div class="section"><div dir="auto">', "</div></div>"


def drawn(text: str) -> str:
    """A message's text as HTML, without what every message has around it."""
    html = draw.text(text, NAMES)
    assert html.startswith(START)
    assert html.endswith(END)
    return html[len(START) : -len(END)]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _thin_ ~gone~ `code`", "<strong>bold</strong> <em>thin</em> <s>gone</s> <code>code</code>"),
        ("*Working:* 2 of 3", "<strong>Working:</strong> 2 of 3"),
        ("(*a*), _b_!", "(<strong>a</strong>), <em>b</em>!"),
        ("*_both_* _*both*_", "<strong><em>both</em></strong> <em><strong>both</strong></em>"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("snake_case_name 2*3*4 a~b~c", "snake_case_name 2*3*4 a~b~c"),
        ("* a * and _ b _", "* a * and _ b _"),
        ("*a * _b _ ~c ~", "*a * _b _ ~c ~"),
        ("*a*b", "*a*b"),
        ("a*b* c", "a*b* c"),
        ("`a &lt; b &amp; c`", "<code>a &lt; b &amp; c</code>"),
        ("**twice** __twice__", "**twice** __twice__"),
        ("*over\ntwo lines*", "*over<br>two lines*"),
        ("*no end", "*no end"),
        ("a `*b*` c", "a <code>*b*</code> c"),
        ("_\u200bnone_\u200b", "_\u200bnone_\u200b"),
        ("*snake_\u200bcase*", "<strong>snake_\u200bcase</strong>"),
        ("a\u200b*b*\u200bc", "a\u200b<strong>b</strong>\u200bc"),
        ("```one\n*two*```", "<pre><code>one\n*two*</code></pre>"),
        ("a\n```\nb\n```\nc", "a<pre><code>b</code></pre>c"),
        ("a ``` b", "a ``` b"),
        ("`````` and ```", "`````` and ```"),
        ("&gt; a\n&gt; *b*\nc", "<blockquote>a<br><strong>b</strong></blockquote>c"),
        ("&gt;&gt;&gt; a\nb", "<blockquote>a<br>b</blockquote>"),
        ("a &gt; b &amp;amp; &lt;i&gt;", "a &gt; b &amp;amp; &lt;i&gt;"),
        ("• one\n• two", "• one<br>• two"),
        ("<@U0ASKER> <@U8>", '<bdi class="mention">@Asker</bdi> <bdi class="mention">@U8</bdi>'),
        ("<@U9|Cy>", '<bdi class="mention">@Cy</bdi>'),
        ("<#C000000002> <#C9|old>", '<bdi class="mention">#energy</bdi> <bdi class="mention">#old</bdi>'),
        ("<!here> <!subteam^S1|@team>", '<bdi class="mention">@here</bdi> <bdi class="mention">@team</bdi>'),
        ("<!unknown|words> <!unknown>", "<bdi>words</bdi> &lt;!unknown&gt;"),
        (":eyes: :own-emoji:", '<span class="emoji" role="img" aria-label="eyes" title=":eyes:">👀</span> :own-emoji:'),
        ("10:12:13", "10:12:13"),
    ],
)
def test_it_is_drawn_as_slack_draws_it(text: str, html: str) -> None:
    assert drawn(text) == html


OUT = 'target="_blank" rel="noopener noreferrer"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<https://x.org/a?b=1&amp;c|the *page*>", f'<a href="https://x.org/a?b=1&amp;c" {OUT}>the *page*</a>'),
        ("<https://x.org>", f'<a href="https://x.org" {OUT}>https://x.org</a>'),
        ("See https://x.org/a_b_c, then.", f'See <a href="https://x.org/a_b_c" {OUT}>https://x.org/a_b_c</a>, then.'),
        ("*<https://x.org|a>*: b", f'<strong><a href="https://x.org" {OUT}>a</a></strong>: b'),
        (f"<{TEAM}archives/C1/p1|run>", '<a href="/archives/C1/p1" data-within>run</a>'),
        ("<javascript:alert(1)|a>", "<bdi>a</bdi>"),
        ("<JavaScript:alert(1)>", "<bdi>JavaScript:alert(1)</bdi>"),
        ("<data:text/html,x|a> <file:///etc/passwd|b>", "<bdi>a</bdi> <bdi>b</bdi>"),
        ("<mailto:a@b.org|a@b.org>", "<bdi>a@b.org</bdi>"),
        ("<https://x.org/\u202egpj.exe|a>", "<bdi>a</bdi>"),
        ('<https://x.org/"onclick="x|a>', "<bdi>a</bdi>"),
    ],
)
def test_links_lead_to_pages_or_within_the_page_and_nowhere_else(text: str, html: str) -> None:
    assert drawn(text) == html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!date^1795169524^{time}|10:12 UTC>", "10:12"),
        ("<!date^1795169524^{date_short_pretty} at {time}|x>", "today at 10:12"),
        ("<!date^1795083124^{date_pretty}|x>", "yesterday"),
        ("<!date^1794996724^{date_short_pretty} at {time}|x>", "18 Nov at 10:12"),
        ("<!date^1700000000^{date_short}, {date_num}, {time_secs}|x>", "14 Nov 2023, 2023-11-14, 22:13:20"),
        ("<!date^1700000000^{date_long} {unknown}|x>", "Tuesday, 14 November 2023 {unknown}"),
        ("<!date^99999999999999999^{time}|long from now>", "long from now"),
        ("<!date^9999999999999999999999999^{time}|later still>", "later still"),
        ("<!date^soon^{time}|soon>", "soon"),
        ("<!date^1700000000^|once>", "once"),
    ],
)
def test_dates_are_told_by_the_readers_clock(text: str, words: str) -> None:
    assert harmless(draw.text(text, NAMES)).text.strip() == words


def test_a_date_may_lead_somewhere() -> None:
    link = harmless(drawn("<!date^1795169524^{time}^https://x.org|x>"))
    assert link.one("a")["href"] == "https://x.org"
    assert link.one("time")["datetime"] == "2026-11-20T10:12:04+00:00"


def test_a_name_cannot_turn_around_the_line_that_it_stands_in() -> None:
    mention = harmless(drawn("<@U0EVIL> asked"))
    assert [each.tag for each in mention.elements] == ["bdi"]
    assert mention.text == "@\u202elive <b> asked"


def test_what_is_announced_is_the_first_sentence_in_words() -> None:
    text = "*Research* on <@U0ASKER>’s tea &amp; more is done. The report is there.\nSecond line."
    assert draw.first_sentence(text, NAMES) == "Research on @Asker’s tea & more is done."
    assert draw.first_sentence("", NAMES) == ""


HOSTILE = ["a" * 20_000, "*" * 10_000, "<" * 20_000, "*a " * 7_000, "`" * 20_001, "_*~" * 7_000, "<https://" * 2_000]
HOSTILE += [":" * 20_000, ":a" * 10_000, "&gt;\n" * 5_000, "https://" + "." * 20_000, "<a:" * 7_000, "*_a_* " * 3_000]
HOSTILE += ["```" * 7_000, "<@U" * 7_000, "<!date^1^" + "{time}" * 3_000 + "|x>", "*a" * 5_000 + "b*" * 5_000]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:9]))
def test_the_time_it_takes_grows_with_the_length_only(text: str) -> None:
    """A model may write anything; the page of everybody would wait for it."""
    begun = process_time()
    assert harmless(draw.text(text, NAMES))
    assert process_time() - begun < 2  # by the processor's own clock; it takes a fiftieth


PIECES = [
    "*",
    "_",
    "~",
    "`",
    "```",
    "<",
    ">",
    "|",
    "&lt;",
    "&gt;",
    "&amp;",
    "\n",
    " ",
    "\u200b",
    "\u202e",
    "a",
    "é",
    ":",
]
PIECES += [
    ":eyes:",
    "<@U0ASKER>",
    "<#C000000002|",
    "<!here>",
    "<!date^1^{time}|x>",
    "<https://x.org|",
    "javascript:",
    '"',
]
PIECES += ["<script>", "onerror=", "'", "https://x.org/a", "<mailto:", "=", "\0", "\ud800", "</div>", "<!--"]
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=30).map("".join)


@given(hostile)
def test_nothing_in_a_text_runs_or_breaks_out_of_it(text: str) -> None:
    html = draw.text(text, NAMES)
    html.encode()
    harmless(html)


@given(st.text(st.characters(exclude_characters="<>&:*_~`\0\r", exclude_categories=["Cs"]), max_size=80))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert harmless(draw.text(text, NAMES)).words == text.split()


@given(st.text("*_~` ab.\n\u200b", max_size=60))
def test_only_marks_are_lost_to_what_they_mean(text: str) -> None:
    def bare(words: str) -> str:
        return re.sub(r"[*_~`\s]", "", words)

    assert bare(harmless(draw.text(text, NAMES)).text) == bare(text)
