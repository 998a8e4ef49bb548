"""What a text rests on: pages that were read, and the gate that holds every sentence against them.

shelf.py        the pages that a text may cite, and how a prompt shows them
citations.py    the markers of a text as people see them
provenance.py   what is said of a run's sources
"""
