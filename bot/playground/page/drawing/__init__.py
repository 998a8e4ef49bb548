"""Blocks and texts as HTML, part by part; draw.py puts them together. Pure.

block_elements.py  what is used in a block
buttons.py         what is pressed
fields.py          what is typed and chosen
input_block.py     a field with its label, hint and error
rich_text.py       what people typed
markdown.py        Markdown
mrkdwn.py          Slack's own marks
tables.py          tables
text_objects.py    plain or in mrkdwn
references.py      what stands in angle brackets
links.py           where links may lead
dates.py           by the reader's clock
emoji.py           by name
avatars.py         the square beside a name
names.py           what ids mean
tags.py            elements, escaped
"""
