"""What really happened: steps and times on the drawn flow, deadlines, what stands out, what came late into the ledger."""

from yifa.workbench.views.process.amendments import amendment_records, amendments
from yifa.workbench.views.process.broken import broken_clocks
from yifa.workbench.views.process.clocks import clocks_kept
from yifa.workbench.views.process.flow import flow, overview
from yifa.workbench.views.process.standing import idle_units, outlying
from yifa.workbench.views.process.steps import steps

__all__ = [
    "amendment_records",
    "amendments",
    "broken_clocks",
    "clocks_kept",
    "flow",
    "idle_units",
    "outlying",
    "overview",
    "steps",
]
