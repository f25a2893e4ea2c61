"""What is due and how things stand: first page, the year, what waits, deadlines, gaps."""

from yifa.workbench.views.overview.clocks import clocks
from yifa.workbench.views.overview.firstpage import home, home_figures, home_panels, home_reminders
from yifa.workbench.views.overview.gaps import gap, gaps
from yifa.workbench.views.overview.waiting import waiting
from yifa.workbench.views.overview.year import year

__all__ = [
    "clocks",
    "gap",
    "gaps",
    "home",
    "home_figures",
    "home_panels",
    "home_reminders",
    "waiting",
    "year",
]
