"""Content as files that a person can read and edit: Markdown with front matter.

`files` reads and checks the files; `loading` writes them to the database. The format is described
in `demo/README.md`.
"""
