"""What each sentence of a draft rests on in its recording, and what nothing in it bears out."""
