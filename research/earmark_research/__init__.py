"""How the models that earmark ships were made: training on music that code composes. Never part of the wheel."""
