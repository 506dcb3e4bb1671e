"""Running the site: backups, and what whoever looks after the server needs to know."""
