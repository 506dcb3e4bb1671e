"""What every kind of page shares: visibility, review dates, Markdown, images and the editor.

Use it for anything that readers see and staff edit. It knows none of the kinds of page built on it:
what an article or a condition is belongs in their own apps.
"""
