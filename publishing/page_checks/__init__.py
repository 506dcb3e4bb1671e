"""The checks of a page before it is published, one small module for each thing they look at.

`registration.register_all` adds them all. `text_of`, `prose` and `links_in` take texts apart and
know no pages.
"""
