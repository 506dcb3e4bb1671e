"""The treatments that the clinic offers, and their pages."""
