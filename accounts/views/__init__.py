"""The pages of signing in, under /staff/account/ and /staff/password/."""
