"""Says whether an enquiry looks like spam. Pure: no models, no database, no network.

Nothing is thrown away on its word. A suspected enquiry is set aside, where staff see
why and can rescue it.
"""
