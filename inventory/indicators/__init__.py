"""Figures of communes and declared indicators: who said what, for which day, on which paper."""
