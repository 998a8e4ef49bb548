"""Strings in, strings out: what people type and what models write, made readable. Knows nothing of runs.

typed.py          what people type, without characters that nobody sees
written.py        what a model wrote, without its fence, greeting and closing offer
confidence.py     how sure a worker says that it is
entries.py        what a model lists: titles, each with what is said of it
pleasantries.py   how models greet and offer, in many languages
sections.py       a report read apart: which words belong under which heading
headings.py       headings however they are marked
readable.py       prose without HTML, LaTeX and hidden addresses: the way through the files below
segments.py       code apart from prose
prose.py          a piece of prose, read once
tags.py           HTML, tag by tag
markup.py         which tags there are, and what each becomes
formulas.py       what is a formula, and what is money
latex.py          formulas as Unicode
brackets.py       links, images, footnotes
links.py          links that show where they lead
addresses.py      addresses that a model wrote, taken out
fragments.py      addresses that open a page at a passage
sentences.py      where sentences begin and end
markers.py        what leads from a statement to its source
numbers.py        the numbers that a sentence says
forms.py          those in a form of their own: dates, centuries, names
agreement.py      whether two of them are the same
bounds.py         what stands before a number: more than, up to
units.py          what stands behind one: million, percent, km
months.py         the months of dates
spelled.py        numbers that are written as words
passages.py       a page in passages
ranking.py        those of them that fit best
content_words.py  what a text is about, word by word
language.py       in which language
excerpts.py       as much of a text as there is room for
english.py        is it English?
rambling.py       what a very small model wrote, settled
"""
