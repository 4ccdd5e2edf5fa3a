"""A report as one HTML file that works offline: positions, the statements behind each, their articles marked."""

from stance.report.html.page import render_html

__all__ = ["render_html"]
