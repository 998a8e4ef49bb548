"""What a page says, from its bytes: its main text, and what it says of itself. Only the reader's process imports it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml.etree import ElementDefaultClassLookup
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from pypdf import PdfReader
from trafilatura import bare_extraction
from trafilatura.utils import decode_file

from bot.adapters.web.pages_text import is_note, on_one_line, readable_text, unseen_gone

MOST_ELEMENTS = 5_000  # that trafilatura is given: it is quadratic in them
MOST_LETTERS = 100_000  # of a page's text, from its beginning
MOST_SHEETS = 60  # of a PDF
LONGEST_TITLE, LONGEST_NAME = 200, 100
SAMPLE = 20_000  # bytes that tell which letters a page is written with
FEW_WORDS = 150  # of a page that may be a notice and no article

_ALL_ALIKE = ElementDefaultClassLookup(element=HtmlElement)  # nobody here asks a form or an input for more
PDF, HTML, TEXT = "pdf", "html", "text"
_UNREAD = ("script", "style", "template", "noscript", "svg", "iframe", "object", "embed", "canvas", "select", "dialog")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_SAID = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_NO_ARTICLE = re.compile(
    r"(?:(?:error )?404\b|page not found|not found|seite nicht gefunden|page introuvable|página no encontrada"
    r"|access denied|forbidden|just a moment|attention required|are you a (?:human|robot)|robot check|security check"
    r"|before you continue|bevor sie|sign in|log ?in|anmelden|enable javascript|javascript is (?:disabled|required))",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep)|already a subscriber|to continue reading|for subscribers only"
    r"|log in to (?:continue|read)|create a free account to|jetzt weiterlesen|mit (?:dem )?abo|nur für abonnenten"
    r"|enable javascript|javascript is (?:disabled|required)|verify (?:that )?you are (?:a )?human"
    r"|réservé aux abonnés|solo para suscriptores",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"cookies?|consent|einwilligung|datenschutz|privacy|legitimate interest|partners", re.IGNORECASE)
_AGREE = re.compile(
    r"accept all|accept and|i agree|reject all|alle akzeptieren|zustimmen|tout accepter|aceptar", re.IGNORECASE
)
_GONE = re.compile(
    r"page (?:you (?:requested|are looking for|were looking for)|does not exist|can(?:no|')t be found)", re.IGNORECASE
)


def content(body: bytes, kind: str, charset: str) -> dict[str, Any]:
    """The ``text`` of a page with its ``title``, ``publisher``, ``date`` and ``sheets``; else the ``fault``'s cause.

    ``kind`` is the type that its server says it has, ``charset`` the one of its letters; "" where it says nothing.
    """
    try:
        match kind_of(body, kind):
            case "pdf":
                return _pdf(body)
            case "html":
                return _html(body, charset)
            case "text":
                return _plain(body, charset)
    except MemoryError:
        return {"fault": "page_heavy"}
    except Exception as error:  # noqa: BLE001  a page may be anything, and so may be what its parsers raise
        return {"fault": "page_kind", "detail": type(error).__name__}
    return {"fault": "page_kind"}


def kind_of(body: bytes, said: str) -> str:
    """What the bytes are, whatever their server says: "pdf", "html", "text", or "" for anything else."""
    head = body[:2_048]
    if b"%PDF-" in head[:1_024]:
        return PDF
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in head and not wide:
        return ""
    looked = (head.decode("utf-16", "ignore") if wide else head.decode("latin-1")).casefold()
    if sum(each < " " and each not in "\t\r\n\f" for each in looked) > len(looked) // 50:
        return ""
    if re.search(r"<(?:!doctype html|html|head|body|article|main|div|p|h1)\b", looked):
        return HTML
    if said in ("text/html", "application/xhtml+xml"):
        return HTML
    return TEXT if said.startswith("text/") or not said else ""


def _decoded(body: bytes, charset: str) -> str:
    """Bytes as letters: what they are comes before what their server says, and that before what they say."""
    said = _SAID.search(body[:2_048])
    for name in ("utf-8-sig", charset, said[1].decode("ascii", "ignore") if said else ""):
        try:
            if name:
                return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    if sum(byte > 127 for byte in body[:SAMPLE]) < len(body[:SAMPLE]) // 12:  # a western language, as most are
        return body.decode("windows-1252", "replace")
    return str(decode_file(body))


def _plain(body: bytes, charset: str) -> dict[str, Any]:
    text = readable_text(_text_of(body, charset)[:MOST_LETTERS])
    return {"text": text, "title": on_one_line(text.partition("\n")[0], LONGEST_TITLE)} if text else _EMPTY


def _text_of(body: bytes, charset: str) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return _decoded(body, charset)


_EMPTY = {"fault": "page_empty"}


def _html(body: bytes, charset: str) -> dict[str, Any]:
    text = _text_of(body, charset).replace("\0", "")
    if not text.strip():
        return _EMPTY
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ALL_ALIKE)
    tree = document_fromstring(text.encode(errors="replace"), parser=parser)
    about = _about(tree)
    _strip(tree)
    found: Any = bare_extraction(tree, fast=True, include_comments=False, include_tables=True, with_metadata=False)
    said = readable_text((found.text if found else "") or "")[:MOST_LETTERS]
    if not said:
        return _EMPTY
    return {"fault": "page_no_article"} if _no_article(said, about["title"]) else about | {"text": said}


def _strip(tree: HtmlElement) -> None:
    """Take out what nobody sees and what trafilatura cannot take."""
    unread = [each for each in tree.iter() if not isinstance(each.tag, str) or each.tag in _UNREAD or _hidden(each)]
    notes = [each for each in tree.iter("sup") if is_note(unseen_gone(each.text_content()))]
    for each in (*unread, *notes):
        _drop(each)
    for each in list(tree.iter())[MOST_ELEMENTS:]:
        _drop(each)


def _hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    hidden = element.get("hidden") is not None or (element.get("aria-hidden") or "").casefold() == "true"
    return element.tag != "body" and (hidden or bool(style and _HIDDEN.search(style)))


def _drop(element: HtmlElement) -> None:
    """Take out an element, but not the words that follow it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _about(tree: HtmlElement) -> dict[str, Any]:
    """What a page says of itself."""
    meta: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (each.get("property") or each.get("name") or each.get("itemprop") or "").casefold()
        if name and each.get("content"):
            meta.setdefault(name, each.get("content"))
    data = list(_linked(tree))
    titles = [meta.get("og:title"), *(each.get("headline") for each in data), tree.findtext(".//title")]
    publishers = [meta.get("og:site_name"), *map(_name, (each.get("publisher") for each in data))]
    publishers += [meta.get("citation_publisher"), meta.get("dc.publisher"), meta.get("application-name")]
    names = ("article:published_time", "citation_publication_date", "datepublished", "dc.date", "date", "dcterms.date")
    dates = [*(meta.get(name) for name in names), *(each.get("datePublished") for each in data)]
    dates += [each.get("datetime") for each in tree.iter("time") if each.get("pubdate") is not None]
    return {
        "title": on_one_line(_first(titles), LONGEST_TITLE),
        "publisher": on_one_line(_first(publishers), LONGEST_NAME),
        "date": next((found[0] for each in dates if (found := _DATE.match(str(each or "").replace("/", "-")))), ""),
    }


def _first(values: list[Any]) -> str:
    return next((each for each in values if isinstance(each, str) and each.strip()), "")


def _linked(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects of a page's linked data."""
    for script in tree.iter("script"):
        if (script.get("type") or "").casefold() != "application/ld+json":
            continue
        try:
            value = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        values = value if isinstance(value, list) else [value]
        for each in values:
            if isinstance(each, dict):
                graph = each.get("@graph")
                yield each
                yield from (item for item in (graph if isinstance(graph, list) else []) if isinstance(item, dict))


def _name(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return str(value.get("name") or "") if isinstance(value, dict) else ""


def _no_article(text: str, title: str) -> bool:
    """Whether a page is a notice in place of an article; only short ones are ever taken for one."""
    if len(text.split()) > FEW_WORDS or len(text) > FEW_WORDS * 10:
        return False
    asks = len(_CONSENT.findall(text)) > 1 and _AGREE.search(text)
    return bool(_NO_ARTICLE.match(title.strip()) or _WALL.search(text) or asks or _GONE.search(text))


def _pdf(body: bytes) -> dict[str, Any]:
    reader = PdfReader(BytesIO(body))
    texts, sheets, letters = [], [], 0
    for sheet in reader.pages[:MOST_SHEETS]:
        text = _joined(sheet.extract_text())
        sheets.append(letters)
        texts.append(text)
        letters += len(text) + 1
        if letters > MOST_LETTERS:
            break
    if not "".join(texts).strip():
        return _EMPTY
    about = reader.metadata
    title = on_one_line((about and about.title) or texts[0].partition("\n")[0], LONGEST_TITLE)
    made = (about and about.get("/CreationDate")) or ""
    date = re.search(r"(\d{4})(\d{2})(\d{2})", str(made))
    return {"text": "\n".join(texts), "title": title, "date": "-".join(date.groups()) if date else "", "sheets": sheets}


def _joined(text: str) -> str:
    """The text of a sheet with its lines joined to paragraphs."""
    text = re.sub(r"(?<=[^\W\d_])-\n(?=[^\W\d_])", "", text.replace("\r", "\n"))
    return readable_text(re.sub(r"(?<![.!?:])\n(?!\n)", " ", text))
