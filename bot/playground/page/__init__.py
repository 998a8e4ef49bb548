"""The playground's page: our Slack as people see it, in a browser.

server.py    the page's addresses, where its parts meet
headers.py   what browsers may do
refusals.py  what cannot be done, in sentences
stream.py    that something changed
people.py    who is there
draw.py      blocks in, HTML out
"""
