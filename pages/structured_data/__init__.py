"""What a page says, once more for machines: schema.org facts, printed as JSON-LD.

Everything here is a plain function of the values that the page's template was rendered with. None
asks the database, and none says what a reader cannot see on the page: search engines punish that,
and nobody would notice when it goes wrong.

Addresses and names of nodes (`@id`) are absolute and made from SITE_URL, so that one clinic, person
or condition is the same node on every page, whatever host name a request came by.
"""
