"""The clinic itself: its details, its opening hours and the days it is closed.

It stands below every other app because all of them need to say when the clinic is open or how to
reach it. It knows nothing of pages, people or enquiries.
"""
