"""The search of the site: index, patients' words, spelling, and what people looked for."""
