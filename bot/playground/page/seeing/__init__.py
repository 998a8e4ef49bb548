"""What people see: places as pages, and what changed in them.

routes.py        what can be looked at
window.py        what one person sees in one place
place.py         places and their addresses
articles.py      messages and private answers
message_text.py  what they say
entries.py       keyed, so that only what changed is drawn anew
documents.py     files and canvases
"""
