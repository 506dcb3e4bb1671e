"""The picture that goes with a page when somebody shares its address.

`subjects` says what a page's picture shows and at which address it is, `drawing` draws it, `kept`
keeps it as a file, `views` answers for it.
"""
