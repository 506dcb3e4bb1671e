"""What stands beside an export, for whoever finds it without this software."""

from pathlib import Path

# What an export leaves out on purpose, and why. The command says it too.
LEFT_OUT = (
    (
        "enquiries and the replies to them, and notes from readers: they are about people’s health,"
        " encrypted, and go with a backup of the database and its keys"
    ),
    "accounts of staff, their passwords and roles, and which profile belongs to which account",
    "the audit log",
    (
        "older versions of pages: a page comes with the version that is public or was last, the one"
        " that is planned, the newest, and those whose reviews these rest on"
    ),
    "pages in the bin, and claims about them",
    "links by which somebody outside may read a version, and what is typed and not saved",
    "counts of readings and searches, missing addresses, and what checks of links found",
    "settings and keys of the server (environment variables)",
)


def readme() -> str:
    """Return the text of the README.md of an export."""
    text = Path(__file__).with_name("readme.md").read_text(encoding="utf-8")
    return text.format(left_out="\n".join(f"- {each}" for each in LEFT_OUT))
