"""Enquiries: the form, what is kept, who is told, and the list at the desk."""
