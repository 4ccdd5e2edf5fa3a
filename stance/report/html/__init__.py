"""A report as one HTML file that works offline: the positions, the statements behind each, and their articles, marked."""

from stance.report.html.page import render_html

__all__ = ["render_html"]
