"""How things look and arrive: styles, template tags, form markup, paging, response headers.

It has no models and knows no other app. Put presentation here that more than one app uses; what
only one app shows belongs beside that app's templates.
"""
