"""“Is needling suitable for me?”: questions about cautions, and what the answers come to.

Clinicians own the questions as rows. Nothing of what a reader answers is kept anywhere.
"""
