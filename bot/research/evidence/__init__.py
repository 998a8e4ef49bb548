"""What a text rests on: pages that were read, and the gate that holds every sentence against them.

gather.py       what one worker may rest on: the file to read first
queries.py      what is searched for
reading.py      searches and pages, side by side and in time
choice.py       the passages that a worker is given
shelf.py        the pages that a text may cite, and how a prompt shows them
grounds.py      a text after the gate
gate.py         every sentence against its passages
repair.py       what does not pass, once more
fan_in.py       texts of findings, under the gate
conflicts.py    where angles say different numbers of the same
numbering.py    the number of a page in its run
joined.py       the pages of several answers as those of one text
citations.py    the markers of a text as people see them
provenance.py   what is said of a run's sources
"""
