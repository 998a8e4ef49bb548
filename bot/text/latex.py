"""Formulas in LaTeX as Unicode that reads in any text: "x^2" as "x²", "\\frac{a}{b}" as "a/b". Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

DEEPEST = 20  # groups within groups; deeper ones are read as if they were not grouped

_COUNT = re.compile(r"(?<=[A-Za-z)\]])\d+")
_CHARGE = re.compile(r"(?<=[A-Za-z0-9)\]⁰¹²³⁴-⁹])[+\-](?=\s|$)")
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_&~]|[^\\{}^_&~]+|\\", re.DOTALL)
_NAMES = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu
μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω times × cdot · div ÷ pm ± mp ∓
ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ otimes ⊗ leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ approx ≈
sim ~ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ lt < gt > to → rightarrow → leftarrow ← gets ← leftrightarrow ↔
Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⇒ iff ⇔ mapsto ↦ longrightarrow ⟶ longleftarrow ⟵
Longrightarrow ⟹ rightleftharpoons ⇌ leftrightharpoons ⇋ xrightarrow → uparrow ↑ downarrow ↓ infty ∞ partial ∂
nabla ∇ sum ∑ prod ∏ int ∫ iint ∬ iiint ∭ oint ∮ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪
cap ∩ setminus ∖ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨
therefore ∴ because ∵ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ prime ′ degree ° angle ∠ perp ⊥ parallel ∥ mid ∣
hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ vert | Vert ‖ lvert | rvert |
lVert ‖ rVert ‖ lbrace { rbrace } backslash ∖ dagger † ddagger ‡ euro € pounds £ copyright © checkmark ✓
triangle △ square □ models ⊨ vdash ⊢ top ⊤ bot ⊥ colon : textdegree ° celsius ℃ lbrack [ rbrack ] And & S § P ¶
"""
SYMBOLS: dict[str, str] = dict(zip(*[iter(_NAMES.split())] * 2, strict=True))
_FUNCTION_NAMES = """
sin cos tan sec csc cot arcsin arccos arctan sinh cosh tanh log ln lg exp lim limsup liminf max min sup inf arg det dim
ker gcd
"""
FUNCTIONS = frozenset(_FUNCTION_NAMES.split())
_LITERAL = {
    "\\%": "%",
    "\\$": "$",
    "\\#": "#",
    "\\&": "&",
    "\\_": "_",
    "\\{": "{",
    "\\}": "}",
    "\\|": "‖",
    "\\\\": "; ",
}
_SPACES = frozenset({"quad", "qquad", "space", "enspace", "thinspace", "hspace", "newline"})
_SILENT_NAMES = """
left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr middle displaystyle textstyle scriptstyle limits nolimits
nonumber notag hline centering
"""
_TEXT_NAMES = """
text textrm textbf textit texttt textsf textsc mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak operatorname
operatorname* boldsymbol bm mbox hbox emph pu mathop underbrace overbrace boxed underline cancel bcancel xcancel
"""
_SILENT, _TEXT = frozenset(_SILENT_NAMES.split()), frozenset(_TEXT_NAMES.split())
_FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"}
_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "tilde": "\u0303",
    "widetilde": "\u0303",
}
# What a command puts above or below another: "\\overset{!}{=}".
_STACKED = {"overset": "^", "stackrel": "^", "underset": "_"}
_UNSAID = frozenset(["begin", "end", "tag", "label", "color", "textcolor", "require", "hspace", "vspace", "phantom"])
ARGUED = {*_TEXT, *_FRACTIONS, *_ACCENTS, "sqrt", "binom", "mathbb", "ce"}
_DOUBLE = dict(zip("NZQRCPHEFD", "ℕℤℚℝℂℙℍ𝔼𝔽𝔻", strict=True))
_SUPER = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzTαβγδθ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵅᵝᵞᵟᶿ",
        strict=True,
    )
)
_SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))


def formula(source: str) -> str:
    """A formula without its delimiters, on one line."""
    said = _Reader(_TOKEN.findall(source)).read(0)
    return " ".join(said.split()).replace("( ", "(").replace(" )", ")").replace(" ;", ";").strip("; ")


def superscript(text: str) -> str:
    """Raised text: in small raised signs if there are such, else behind a caret."""
    if text in ("∘", "°", "′", "''", "'", "∗", "†", "®", "™") or text.startswith("["):  # "[2]": a footnote's mark
        return "°" if text == "∘" else text
    return _script(text, "^", _SUPER)


def subscript(text: str) -> str:
    """Lowered text: in small lowered signs if there are such, else behind a low line."""
    return _script(text, "_", _SUB)


def _script(text: str, mark: str, signs: dict[str, str]) -> str:
    text = text.strip()
    if all(sign in signs for sign in text):
        return "".join(signs[sign] for sign in text)
    return f"{mark}{text}" if text.isalnum() or len(text) == 1 else f"{mark}({text})"


class _Reader:
    """Reads tokens one after another; a stray or a missing brace changes nothing but the grouping."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens[::-1]  # the next one last

    def read(self, depth: int) -> str:
        """All up to the end, or up to the brace that closes this group."""
        said = []
        while self._tokens:
            token = self._tokens.pop()
            if token == "}" and depth:
                break
            said.append(self._one(token, depth))
        return "".join(said)

    def _one(self, token: str, depth: int) -> str:
        if token == "{":
            return self.read(depth + 1) if depth < DEEPEST else ""
        if token in ("^", "_"):
            raised = self._argument(depth)
            return superscript(raised) if token == "^" else subscript(raised)
        if token in ("&", "~", "}", "\\"):
            return " " if token in "&~" else ""
        if token.startswith("\\"):
            return self._command(token, depth)
        return token.replace("*", "∗").replace("'", "′")

    def _command(self, token: str, depth: int) -> str:
        name = token[1:]
        if not name.isalpha() and name not in _TEXT:
            return _LITERAL.get(token, "" if name in "!()[]" else " ")
        if name in SYMBOLS:
            rest = self._tokens[-1].lstrip() if self._tokens else ""
            if rest[:1].isalnum() and (SYMBOLS[name].isalpha() or name == "degree"):
                self._tokens[-1] = rest  # a letter stands next to what it is a factor of
            return SYMBOLS[name]
        if name in _FRACTIONS or name in _STACKED:
            return _pair(name, self._argument(depth), self._argument(depth))
        if name == "sqrt":
            return self._root(depth)
        if name in ("bmod", "pmod"):
            return " mod " if name == "bmod" else f" (mod {self._argument(depth)})"
        if name in ARGUED:
            return _dressed(name, self._argument(depth), lambda: self._argument(depth))
        return self._quiet(name, depth)

    def _quiet(self, name: str, depth: int) -> str:
        if name in _UNSAID:
            self._argument(depth)
            return " "
        if name in ("left", "right") and self._tokens and self._tokens[-1].startswith("."):
            self._tokens[-1] = self._tokens[-1][1:]
        if name in _SPACES or name in _SILENT:
            return " " if name in _SPACES else ""
        return f"{name} " if self._tokens and self._tokens[-1] == "{" else name

    def _root(self, depth: int) -> str:
        degree = ""
        if self._tokens and self._tokens[-1].startswith("[") and "]" in self._tokens[-1]:
            degree, _, rest = self._tokens.pop()[1:].partition("]")
            self._tokens += [rest] if rest else []
        return f"{superscript(degree) if degree else ''}√{_grouped(self._argument(depth))}"

    def _argument(self, depth: int) -> str:
        """What a command or a script applies to: a group, a command, or one sign."""
        while self._tokens and not self._tokens[-1].strip():
            self._tokens.pop()
        if not self._tokens or self._tokens[-1] == "}" or depth >= DEEPEST:
            return ""
        token = self._tokens.pop()
        if token[0] in "{\\^_&~":
            return self._one(token, depth + 1)
        token = token.lstrip()
        self._tokens += [token[1:]] if token[1:] else []
        return token[0]


def _pair(name: str, first: str, second: str) -> str:
    if name in _FRACTIONS:
        return f"{_grouped(first)}/{_grouped(second)}"
    return second + (superscript(first) if _STACKED[name] == "^" else subscript(first))


def _dressed(name: str, text: str, second: Callable[[], str]) -> str:
    if name == "mathbb":
        return "".join(_DOUBLE.get(sign, sign) for sign in text)
    if name == "ce":
        return _chemical(text)
    if name == "binom":
        return f"C({text}, {second()})"
    accent = _ACCENTS.get(name, "")
    return unicodedata.normalize("NFC", "".join(sign + accent for sign in text)) if len(text) <= 2 else text


def _chemical(text: str) -> str:
    """A formula of chemistry: counts are lowered, charges raised, arrows are arrows."""
    for arrow, sign in (("<=>", "⇌"), ("<->", "↔"), ("->", "→"), ("<-", "←")):
        text = text.replace(arrow, f" {sign} ")
    text = _CHARGE.sub(lambda found: superscript(found[0]), text)
    return " ".join(_COUNT.sub(lambda found: subscript(found[0]), text).split())


def _grouped(text: str) -> str:
    """A part of a fraction or a root, in brackets unless it is one number, word or sign."""
    text = text.strip()
    mixed = any(map(str.isalpha, text)) and any(sign in "0123456789" for sign in text)
    plain = all(sign.isalnum() or sign == "." or unicodedata.category(sign)[0] == "M" for sign in text)
    alone = len(text) <= 1 or (plain and not mixed)
    return text if alone else f"({text})"
