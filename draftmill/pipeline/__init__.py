"""From a recording to a transcript, pictures and chapters, stage by stage."""
