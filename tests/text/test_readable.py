"""Prose of models reads everywhere: no tags, no formulas in LaTeX, no link that hides where it leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.latex import formula
from bot.text.links import host, link, spoken
from bot.text.readable import readable


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
        ("Results:<br>\n- one<br>\n- two", "Results:  \n- one  \n- two"),
        (
            "| a | b |\n|---|---|\n| - A<br>- B | 1.&nbsp;x &bull; &#124; |",
            "| a | b |\n|---|---|\n| - A / - B | 1. x • \\| |",
        ),
        (
            "<details open>\n<summary><b>Sources</b></summary>\n<ul><li>one</li></ul>\n</details>",
            "**Sources**\n\n- one",
        ),
        ('<p align="center"><b>Title</b></p>', "**Title**"),
        ("<center>mid</center> <font color='red'>red</font> <small>s</small>", "mid\n\nred s"),
        ("<kbd>Ctrl</kbd>+<kbd>C</kbd>", "`Ctrl`+`C`"),
        ("<B>caps</B><BR>next", "**caps**  \nnext"),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", "Term\n\nMeaning"),
        ("Ca<sup>2+</sup>, 1<sup>st</sup>, log<sub>10</sub>, Brand<sup>®</sup>", "Ca²⁺, 1ˢᵗ, log₁₀, Brand®"),
        ("&ndash;&hellip;&rarr;&times;&deg;C&thinsp;&le;&#x27;", "–…→×°C ≤'"),
        (
            "<table>\n<thead>\n<tr><th>A</th><th>B</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td></tr>\n</tbody>\n</table>",
            "| A | B |\n| --- | --- |\n| 1 |",
        ),
        ("<div style='x'>\n\n**Bold** in it\n\n</div>", "**Bold** in it"),
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
        (r"( \frac{1}{\cos x} = \sec x )", "( 1/(cos x) = sec x )"),
        (r"\(\mathrm{A} > 50\%\) and \(50 / 60 = 5 / 6\)", "A > 50% and 50 / 60 = 5 / 6"),
        ("\\[\nE = mc^2\n\\]", "E = mc²"),
        (r"\\( x^2 \\) and \\[ y \\]", "x² and y"),
        (r"\ce{H2O}, $\ce{H2SO4 <=> 2H+ + SO4^2-}$", "H₂O, H₂SO₄ ⇌ 2H⁺ + SO₄²⁻"),
        (r"$\sim$10%, $\pm$5, $>$50 at $25\,\degree C$", "~10%, ±5, >50 at 25 °C"),
        (r"$H_0: \mu = \mu_0$ vs $H_1: \mu \neq \mu_0$", "H₀: μ = μ₀ vs H₁: μ ≠ μ₀"),
        (r"$\int_0^\infty e^{-x}\,dx$", "∫₀^∞ e⁻ˣ dx"),
        (r"$\underset{x}{\max} f$ and $a \equiv b \pmod{n}$", "maxₓ f and a ≡ b (mod n)"),
        (r"$\textcolor{red}{x}$, $\cancel{y}$ and \boxed{42}", "x, y and 42"),
        (r"3.5 \times 10^{-6} m in CO_{2}", "3.5 × 10⁻⁶ m in CO₂"),
        (
            r"$\text{Attention}(Q, K) = \text{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)$",
            "Attention(Q, K) = softmax(QKᵀ/(√dₖ))",
        ),
        (r"$$\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}$$", "1 x > 0; 0 otherwise"),
        (
            r"$5/kg, $1.2bn and a $50–$80 difference of $5 million",
            "$5/kg, $1.2bn and a $50–$80 difference of $5 million",
        ),
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
        (
            "[T](en.host.example/T) [s](www.s.example)",
            "[T (en.host.example)](https://en.host.example/T) [s (www.s.example)](https://www.s.example)",
        ),
        ("[a](report.md) [b](docs/a.md) [c](./x.y/z)", "a b c"),
        ('<A HREF="https://a.example">x</A> <a name="y">y</a>', "[x (a.example)](https://a.example) y"),
        ("said [[1]](https://a.example/x)", "said [[1] (a.example)](https://a.example/x)"),
        ("([a.example](https://a.example/x?utm_source=z))", "([a.example](https://a.example/x?utm_source=z))"),
        ("said<sup>[3](https://a.example)</sup>", "said[3 (a.example)](https://a.example)"),
        ("said【1†source】,【4:0†report.pdf】 and 【12†L1-L5】", "said[1],[4:0, report.pdf] and [12, L1-L5]"),
        ("so :contentReference[oaicite:0]{index=0}. It \ue200cite\ue202turn1search0\ue201 is.", "so. It is."),
        (
            "so.[^1][^b]\n\n[^1]: One\n    more\n[^b]: https://a.example",
            "so.[1][b]\n\n[1] One\n    more\n\n[b] https://a.example",
        ),
        (
            "said [1], [2][3] and [1-3].\n\n[1] A. Author\n[2] B.",
            "said [1], [2][3] and [1-3].\n\n[1] A. Author\n[2] B.",
        ),
        ("so[^1^] and [x][Ref]\n\n[ref]:https://a.example", "so[1] and [x (a.example)](https://a.example)"),
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
        "if a<b and c>d or a<i then p>q, x<s y>",
        "The <b> tag is bold, <p> is a paragraph; an </em> ends emphasis",
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
