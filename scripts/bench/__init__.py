"""`make bench`: what the site's speed, memory and growth come to on this machine.

Read in this order: `__main__` (the order of the parts), `effort` (how long), `site` and `running`
(what is measured), `load` (who asks), `figures` and `report` (what is told). Each other module is
one part.

Who asks runs on the same machine and takes a share of its processors, and there is no network
between the two: compare figures of one run with each other, and with nothing else.
"""
