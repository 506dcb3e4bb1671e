"""The public site as plain files that any web server can hand out, without this software.

`asking` gets a page from the site's own views, `references` reads and changes the addresses in what
they answer, and `copying` follows these and writes the files.
"""

from pages.static_copy.copying import Copied, StaticCopyError, copy_site

__all__ = ["Copied", "StaticCopyError", "copy_site"]
