"""Decision points, editions and their positions; judging a snapshot under them; what a clinician sees first."""
