"""Prose of models reads everywhere: no tags, no formulas in LaTeX, no link that hides where it leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.latex import formula
from bot.research.links import host, link, spoken
from bot.research.readable import readable


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("one<br>two", "one  \ntwo"),
        ("one<br/>\ntwo", "one  \ntwo"),
        ("- one<br>two\n- three", "- one  \n  two\n- three"),
        ("> one<br />two", "> one  \n> two"),
        (
            "| a<br>b | c |\n|---|---|\n| <ul><li>x</li><li>y</li></ul> | z |",
            "| a / b | c |\n|---|---|\n|  • x • y | z |",
        ),
        ("- one<p>two</p>\n- three", "- one  \n  two  \n- three"),
        ("## one<br>two", "## one two"),
        ("H<sub>2</sub>O, 10<sup>6</sup>, m<sup>−2</sup>", "H₂O, 10⁶, m⁻²"),
        ("CO<sub>2eq</sub> and x<sup>Q+1</sup>", "CO_2eq and x^(Q+1)"),
        ("<b>bold</b> <em>thin </em>and <del>gone</del>", "**bold** *thin* and ~~gone~~"),
        ("<u>under</u> <span style='color:red'>red</span> <mark>m</mark>", "under red m"),
        ("**<b>twice</b>**", "**twice**"),
        ("<details>\n<summary>More</summary>\n\nBody.\n</details>\nAfter.", "**More**\n\nBody.\n\nAfter."),
        ("R&amp;D &lt;5 &copy; &eacute; a&nbsp;b", "R&D <5 © é a b"),
        ("AT&T &bogus; & more", "AT&T &bogus; & more"),
        ("&#42;not thin&#42;", "\\*not thin\\*"),
        ("<h2>Title</h2><p>One.</p><p>Two.</p>", "## Title\n\nOne.\n\nTwo."),
        ("<ul>\n <li>One</li>\n <li>Two</li>\n</ul>\nEnd", "- One\n- Two\n\nEnd"),
        ('<ol start="3"><li>c<ul><li>d</li></ul></li><li>e</li></ol>', "3. c\n    - d\n4. e"),
        ("<blockquote>Said<br>so</blockquote>", "> Said  \n> so"),
        (
            "<table><tr><th>A</th></tr><tr><td>1<br>2</td><td>b|c</td></tr></table>",
            "| A |  |\n| --- | --- |\n| 1 / 2 | b|c |",
        ),
        ("<pre><code>a &lt; b\nc</code></pre>", "```\na < b\nc\n```"),
        ("<code>x &lt; y</code>", "`x < y`"),
        ("a<!-- a note -->b", "ab"),
        ("a<hr>b", "a\n\n---\n\nb"),
        ("<q>said</q>", "“said”"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str) -> None:
    """Slack's markdown block and a terminal show tags as they are typed."""
    assert readable(html) == markdown


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"so \(E = mc^2\).", "so E = mc²."),
        (r"\[ x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a} \]", "x = (-b ± √(b² - 4ac))/(2a)"),
        (r"$$\sum_{i=1}^{n} x_i$$", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"with $n$ and $O(n \log n)$", "with n and O(n log n)"),
        (r"$\text{CO}_2 + \text{H}_2\text{O} \rightarrow \text{H}_2\text{CO}_3$", "CO₂ + H₂O → H₂CO₃"),
        (r"$\Delta G = -RT \ln K$ at $25^\circ$C", "ΔG = -RT ln K at 25°C"),
        (r"$k_{\text{eff}}$ is $\approx 10^{-3}$", "k_eff is ≈ 10⁻³"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b; c = d"),
        (r"3 \times 10^8 \text{ m/s}", "3 × 10^8 m/s"),
        (r"$\left(\frac{1}{2}\right)$ of $\mathbb{R}^n$", "(1/2) of ℝⁿ"),
        (r"$\hat{x}$, $\vec{F}$ and $\bar{y}$", "x̂, F⃗ and ȳ"),
        (r"| $a|b=c$ | d |", r"| a\|b=c | d |"),
        (r"$5 and $10", "$5 and $10"),
        (r"US$5, $5–$10, **$4**, $5/$6 and \$7", "US$5, $5–$10, **$4**, $5/$6 and $7"),
        (r"from $1,000 (about $90 a day) to $2,000", "from $1,000 (about $90 a day) to $2,000"),
        (r"$HOME and $PATH, $AAPL and $TSLA$", "$HOME and $PATH, $AAPL and $TSLA$"),
        (r"a tier of $$ or $$$", "a tier of $$ or $$$"),
        (r"C:\to\in and \unknown and \(see below\) and \[1\]", r"C:\to\in and \unknown and \(see below\) and \[1\]"),
    ],
)
def test_formulas_become_unicode_and_money_stays(latex: str, said: str) -> None:
    """Nobody reads backslashes; everybody reads prices."""
    assert readable(latex) == said


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[the page](https://host.example/a)", "[the page (host.example)](https://host.example/a)"),
        ('[the page](<https://host.example/a b> "title")', "[the page (host.example)](https://host.example/a%20b)"),
        ("[https://bank.example](https://evil.example)", "[https://bank.example (evil.example)](https://evil.example)"),
        (
            "[bank.example](https://bank.example@evil.example/)",
            "[bank.example (evil.example)](https://bank.example@evil.example/)",
        ),
        (
            "[a](https://xn--pple-43d.com) [b](https://аpple.com)",
            "[a (xn--pple-43d.com)](https://xn--pple-43d.com) [b (xn--pple-43d.com)](https://аpple.com)",
        ),
        ("[host.example/a](https://www.host.example/a)", "[host.example/a](https://www.host.example/a)"),
        ("<https://host.example/a> https://host.example/b", "https://host.example/a https://host.example/b"),
        ("<https://evil.example|bank.example>", "[bank.example (evil.example)](https://evil.example)"),
        ("[one][1]\n\n[1]: https://a.example/x 'T'", "[one (a.example)](https://a.example/x)\n"),
        ("[two][] [two]\n[two]: <https://b.example>", "[two (b.example)](https://b.example) " * 2),
        ("[unused]: https://a.example", "unused: https://a.example"),
        ("![a cat](https://a.example/c.png)", "[a cat (a.example)](https://a.example/c.png)"),
        ("![](https://a.example/d.png)", "[image (a.example)](https://a.example/d.png)"),
        (
            "[![badge](https://img.example/b.svg)](https://ci.example)",
            "[badge (img.example) (ci.example)](https://ci.example)",
        ),
        (
            '<a href="https://a.example/?b=1&amp;c=2" target="_blank">here</a>',
            "[here (a.example)](https://a.example/?b=1&c=2)",
        ),
        ("<img alt='cat' src='https://a.example/c.png'>", "[cat (a.example)](https://a.example/c.png)"),
        ("[x](javascript:alert(1)) <a href='JavaScript:x'>y</a> [z](data:text/html,x)", "x y z"),
        ("[a](/here) [b](#part) [c](//evil.example) [d](file:///etc/passwd)", "a b c d"),
        ("[call](tel:+4930) [write](mailto:a@b.example)", "call write (a@b.example)"),
        ("<javascript:alert(1)> <slack://open> <a@b.example>", "javascript:alert(1) slack://open a@b.example"),
        ("std::vector<int> a[0](x)", "std::vector<int> a[0] (x)"),
        ("steps[last](n) and f[each one](y)", "steps[last] (n) and f[each one] (y)"),
        ("- [ ] to do\n- [x] done", "- [ ] to do\n- [x] done"),
        ("true[^1] and[^why].\n\n[^1]: Because.\n[^why]: So.", "true[1] and[why].\n\n[1] Because.\n\n[why] So."),
    ],
)
def test_a_link_shows_where_it_leads(written: str, shown: str) -> None:
    """There are no sources yet: a model's address is a guess that may lead anywhere."""
    assert readable(written).split() == shown.split()


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, 5 < 6 > 2, a * b, snake_case_word and x[0].",
        "`<br>` and ``a ` [b](https://c.example)`` stay",
        "```html\n<br>[a](https://b.example)\n$x^2$ &amp;\n```",
        "> ```\n> <b>\n> ```",
        "- ```\n  <b>\n  ```",
        "~~~\n<b> never closed",
        "Text.\n\n    <b>indented code</b>",
        "Generic<T>, <your-name>, <think>",
        "Behind </your-name>, before </step2> and </Generic>",
        "**bold** and *thin*\n\n1. a\n2. b\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "`unclosed and <!-- unclosed and $x and \\( and [a](",
        "",
    ],
)
def test_what_reads_already_and_code_stay_as_they_are(text: str) -> None:
    """Code is quoted, not said."""
    assert readable(text) == text


PIECES = """
<b> </b> <br> <p> </p> <ul> <li> </ul> <table> <tr> <td> </table> <a|href='https://a.b'> </a> [ ![ ](https://a.b) ](x)
[a]:|https://a.b $ $$ \\( \\) \\frac{ } ^ _ &lt; ` `` <sup> </sup> <!-- --> <pre> </pre> <code> </code> <blockquote>
</blockquote> <h2> </h2> \\begin{a} \\end{a} <summary> </summary> [^1] [^1]:
"""
pieces = st.sampled_from(["```\n", "\n", "\n\n", "> ", "- ", "| ", *PIECES.replace("|", " ").split()])
words = st.from_regex(r"[b-z]{5,7}", fullmatch=True)


@given(st.lists(st.one_of(pieces, words.map(lambda word: f" {word} ")), max_size=25))
def test_no_word_is_lost_whatever_stands_around_it(texts: list[str]) -> None:
    """Half a tag, half a formula, half a link: what people would read is there."""
    said = [text.strip() for text in texts if text.strip().isalpha() and text.startswith(" ")]
    text = "".join(texts)
    if "<!--" not in text and "<table>" not in text:
        shown = re.sub(r"[^a-z]+", " ", readable(text)).split()
        assert [word for word in shown if word in said] == said


@given(st.text(max_size=80), st.text(alphabet="abc.:/@\\#[]()<> %é", max_size=30))
def test_no_link_is_made_to_anything_but_the_web(label: str, address: str) -> None:
    """An address of another kind opens programs."""
    made = link(label, address)
    if made.endswith(")") and "](" in made and "](" not in label:
        assert host(made.rpartition("](")[2][:-1])


def test_a_formula_that_never_ends_is_read_all_the_same() -> None:
    """Models are cut off in the middle."""
    for start in ("\\frac{" * 300, "{" * 3_000, "^" * 500, "\\sqrt[" * 50, "\\left" * 40):
        assert isinstance(formula(start + "x"), str)


def test_a_link_read_aloud_names_its_host_once() -> None:
    """A listener hears the address anyway."""
    assert spoken("the page (a.example)", "https://a.example/x") == "the page (https://a.example/x)"
