"""What people see: values in, payloads out. Pure.

root.py       the message of a run, edited in place
thread.py     its angles, its gaps, its report
sources.py    the pages that a message cites
answer.py     answers to questions in its thread
notes.py      sentences beside a run
ephemeral.py  what only the asker sees
pressed.py    what only the presser sees
refusals.py   why something is not done
run_list.py   runs in a list
modal.py      the form
home.py       the Home tab
welcome.py    the first words in direct messages
controls.py   buttons and menus beside a run
summary.py    how a run ended, in a line
advice.py     what to do about a failure
"""
