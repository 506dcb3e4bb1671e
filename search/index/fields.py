"""What is searched, and how much a word counts by where it stands."""

# Title and other names before all: a page named for what somebody looks for is the page they want.
WEIGHTS = {"title": 10.0, "names": 8.0, "headings": 3.0, "summary": 4.0, "body": 1.0}
