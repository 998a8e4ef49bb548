"""What Slack's texts are made of. Pure.

blocks.py    values in, blocks out
refs.py      references to messages, and links
escape.py    what must not ping, link or format; texts cut to fit
markdown.py  a model's Markdown, harmless in Slack
lines.py     what each line of it is
pieces.py    where it may be cut
split.py     a long text in as few parts as Slack takes
plainer.py   a message that Slack refuses, in plainer forms
"""
