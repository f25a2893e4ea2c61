"""Figures and the records behind them: counted, opened, restated, proved."""
