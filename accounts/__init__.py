"""How staff sign in: second factor, sessions, devices, limits on guessing, forgotten passwords."""
