"""What becomes of enquiries when things go wrong: tried out on a real server, and counted."""
