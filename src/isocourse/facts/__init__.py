"""What can be known of a patient: streams of events, believing a value, and folding a timeline into facts."""
