"""The playground's page: our Slack as people see it, in a browser.

server.py      the page's addresses, where its parts meet
looking.py     what can be looked at
doing.py       what can be done
told.py        what the page's script sends
headers.py     what browsers may do, refusals in sentences
stream.py      that something changed
stored.py      files and canvases
shown.py       what one person sees in one place
place.py       places and their addresses
people.py      who is there
articles.py    messages and private answers
drawn.py       each drawn once
entries.py     keyed, so that only what changed is drawn anew
composed.py    what is sent from a composer
typed.py       a message or a command
hands.py       buttons, menus, forms
filled.py      what a form lacks
draw.py        blocks in, HTML out
elements.py    what stands in a block
inputs.py      a field with its label, hint and error
buttons.py     what is pressed
fields.py      what is typed and chosen
rich.py        what people typed
markdown.py    Markdown
mrkdwn.py      Slack's own marks
tables.py      tables
references.py  what stands in angle brackets
links.py       where links may lead
dates.py       by the reader's clock
emoji.py       by name
wording.py     text objects
avatars.py     the square beside a name
names.py       what ids mean
tags.py        elements, escaped
"""
