"""What Slack tells us: parsed, handed over, acknowledged.

command.py         /research
messages.py        what people write: mentions, messages, replies
starts.py          runs that a message begins
contents.py        what a message says, wherever it says it
names.py           what ids are called
clicks.py          what is pressed and chosen, handed to whoever does it
run_buttons.py     buttons on a run's root
thread_buttons.py  buttons in its thread
export_buttons.py  exports
feedback.py        useful or not, and why not
modal.py           the form and the shortcut
home.py            the Home tab
visibility.py        who may read a channel now
channels.py        may a run be shown there?
renumbered.py      channels that get a new id
guard.py           clicks from elsewhere
unknown.py         what nobody hears of
"""
