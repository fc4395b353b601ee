"""The owner's own kinds of draft: rows beside the program's, prompts with versions, examples of style."""
