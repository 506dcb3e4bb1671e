"""What belongs to no single app: home, information pages, the admin site, content files."""
