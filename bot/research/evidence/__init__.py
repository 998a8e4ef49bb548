"""What a text rests on: pages that were read, and the gate that holds every sentence against them.

shelf.py    the pages that a text may cite, and how a prompt shows them
"""
