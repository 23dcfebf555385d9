"""Use cases: judge a patient, check the knowledge, explain an answer."""
