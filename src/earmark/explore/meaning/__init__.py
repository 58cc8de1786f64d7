"""Free text as a question: facts and negation are read by a grammar, the rest by what it means for the sound."""
