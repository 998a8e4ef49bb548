"""A model's Markdown looks in the playground as a markdown block does in Slack, whatever it says."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page import draw
from tests.support.drawn import NAMES, TEAM, harmless

START, END = '<div class="markdown">', "</div>"
OPEN = '<input type="checkbox" disabled aria-label="To do"> '
DONE = '<input type="checkbox" checked disabled aria-label="Done"> '
OUT = 'target="_blank" rel="noopener noreferrer"'


def drawn(text: str) -> str:
    """A markdown block as HTML, without what every block has around it."""
    html = draw.blocks([{"type": "markdown", "text": text}], NAMES)
    assert html.startswith(START)
    assert html.endswith(END)
    return str(html[len(START) : -len(END)])


def paragraph(html: str) -> str:
    return f'<p dir="auto">{html}</p>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** *thin* ~~gone~~ `co<de`", "<strong>bold</strong> <em>thin</em> <s>gone</s> <code>co&lt;de</code>"),
        ("one\ntwo  \nthree", "one\ntwo<br>three"),
        ("<b>no</b> HTML &amp; &lt;", "&lt;b&gt;no&lt;/b&gt; HTML &amp; &lt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<@U0ASKER> in <#C000000002>", '<bdi class="mention">@Asker</bdi> in <bdi class="mention">#energy</bdi>'),
        ("<\u200b@U0ASKER>", "&lt;\u200b@U0ASKER&gt;"),
        (":eyes: \\*", '<span class="emoji" role="img" aria-label="eyes" title=":eyes:">👀</span> *'),
        (f"[run]({TEAM}archives/C1)", '<a href="/archives/C1" data-within>run</a>'),
        (
            "[1](https://x.org/a#:~:text=b%20c,d-,e&f)",
            f'<a href="https://x.org/a#:~:text=b%20c,d-,e&amp;f" {OUT}>1</a>',
        ),
        ("https://x.org/a_b_c.", f'<a href="https://x.org/a_b_c" {OUT}>https://x.org/a_b_c</a>.'),
        ("[https://y.org](https://x.org)", f'<a href="https://x.org" {OUT}>https://y.org</a>'),
        ("[<@U0ASKER> :eyes:](https://x.org)", f'<a href="https://x.org" {OUT}>&lt;@U0ASKER&gt; :eyes:</a>'),
        ("[](https://x.org)", f'<a href="https://x.org" {OUT}>https://x.org</a>'),
        ("[a](javascript:alert)", "[a](javascript:alert)"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("[a](ftp://x.org) [b](//x.org) [c](/d)", "<bdi>a</bdi> <bdi>b</bdi> <bdi>c</bdi>"),
        ("![a chart](https://x.org/a.png)", f'<a href="https://x.org/a.png" {OUT}>a chart</a>'),
        ("[![alt](https://x.org/a.png)](https://y.org)", f'<a href="https://y.org" {OUT}>alt</a>'),
    ],
)
def test_a_paragraph_is_drawn_as_slack_draws_it(text: str, html: str) -> None:
    assert drawn(text) == paragraph(html)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n## B\n### C", '<h4 dir="auto">A</h4><h4 dir="auto">B</h4><h5 dir="auto">C</h5>'),
        ("- a\n- b", '<ul dir="auto"><li>a</li><li>b</li></ul>'),
        ("3. a\n4. b", '<ol dir="auto" start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  - b", '<ul dir="auto"><li>a<ul dir="auto"><li>b</li></ul></li></ul>'),
        (
            "- [ ] a\n- [x] *b*\n- c",
            f'<ul dir="auto"><li class="task">{OPEN}a</li><li class="task">{DONE}<em>b</em></li><li>c</li></ul>',
        ),
        ("1. [X] a", f'<ol dir="auto"><li class="task">{DONE}a</li></ol>'),
        (
            "- [ ] a\n\n- b",
            f'<ul dir="auto"><li class="task">{paragraph(f"{OPEN}a")}</li><li>{paragraph("b")}</li></ul>',
        ),
        ("- [ ]\n- [x]a\n- a [x] b", '<ul dir="auto"><li>[ ]</li><li>[x]a</li><li>a [x] b</li></ul>'),
        ("- `[x] a`\n- \\[x] b", '<ul dir="auto"><li><code>[x] a</code></li><li>[x] b</li></ul>'),
        ("[x] a", paragraph("[x] a")),
        ("> a", f"<blockquote>{paragraph('a')}</blockquote>"),
        ("```py\na < b\n```", "<pre><code>a &lt; b</code></pre>"),
        ("a\n\n---\n\nb", f"{paragraph('a')}<hr>{paragraph('b')}"),
    ],
)
def test_a_block_is_drawn_as_slack_draws_it(text: str, html: str) -> None:
    assert drawn(text) == html


def test_a_table_scrolls_by_itself_and_keeps_its_sides() -> None:
    table = harmless(drawn("| a | b | c |\n|---|--:|:-:|\n| 1 | <b> | 3 |"))
    assert [each.attributes.get("class") for each in table.elements if each.tag in ("th", "td")] == [
        None,
        "right",
        "center",
    ] * 2
    assert table.elements[0].attributes == {"class": "table"}
    assert table.words == ["a", "b", "c", "1", "<b>", "3"]


HOSTILE = ["a" * 12_000, "*" * 12_000, "[" * 12_000, "[a](" * 3_000, "*a " * 4_000, "**a *b " * 1_500, ">" * 12_000]
HOSTILE += ["`" * 12_000, "<" * 12_000, "- " * 6_000, "![" * 6_000, "|a" * 2_000 + "\n" + "|-" * 2_000, "*a_" * 4_000]
HOSTILE += ["<@U" * 4_000, "a\n" * 6_000, "# a\n" * 3_000, "<https://" * 1_300, "&" * 12_000, "[a]: x\n" * 1_700]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:9]))
def test_no_text_holds_the_page_of_everybody(text: str) -> None:
    begun = process_time()
    assert harmless(drawn(text))
    assert process_time() - begun < 5  # by the processor's own clock


PIECES = [
    "*",
    "**",
    "_",
    "~~",
    "[x] ",
    "`",
    "```\n",
    "<",
    ">",
    "|",
    "\n",
    "\n\n",
    " ",
    "- ",
    "1. ",
    "> ",
    "# ",
    "[",
    "](",
    ")",
    "![",
]
PIECES += [
    "a",
    "é",
    "\u202e",
    "\u200b",
    "<@U0ASKER>",
    "javascript:",
    "https://x.org",
    "data:",
    "//x",
    "\\",
    "&#60;",
    "&lt;",
]
PIECES += ["<script>", "<img src=x onerror=y>", "<!--", '"', "'", "---\n", "|-|-|\n", ":eyes:", "\0", "\ud800", "\t"]
hostile = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=30).map("".join)


@given(hostile)
def test_nothing_in_a_text_runs_or_breaks_out_of_it(text: str) -> None:
    html = drawn(text)
    html.encode()
    harmless(html)


@given(st.lists(st.text("abcäß漢字ع", min_size=1, max_size=8), max_size=20))
def test_plain_words_stay_as_they_are(words: list[Any]) -> None:
    assert harmless(drawn(" ".join(words))).words == words
