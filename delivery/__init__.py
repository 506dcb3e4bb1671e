"""Page delivery: public pages kept rendered and compressed, answered before the framework's work.

Read in this order: `shown` (what a page shows), `changes` (what has changed), `board` (how every
process hears of it), `pages` (the kept pages), `answers` (HTTP), `wsgi` (the way of a request).
"""
