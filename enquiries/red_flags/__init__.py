"""Urgent symptoms in what people write: data that clinicians own, and a matcher without Django.

The message is always stored and sent. A match only decides what the confirmation says first, and
which words staff see marked.
"""
