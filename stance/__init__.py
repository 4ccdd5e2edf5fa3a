"""Who says what in news articles, and where they stand: statements, speakers, stances."""

__version__ = "0.1.0"
