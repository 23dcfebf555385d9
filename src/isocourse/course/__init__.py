"""The course: a plan with its capsules, running totals, forecast and calendar, and what slips when a date slips. Pure, like the rooms below."""

from isocourse.course.calendar import Entry, Happening
from isocourse.course.capsules import Pattern
from isocourse.course.forecast import Forecast
from isocourse.course.plan import DoseStep, Plan, Supply
from isocourse.course.totals import Period, Progress, Running
from isocourse.course.wanted import Break, Wanted, WantedStep

__all__ = [
    "Break",
    "DoseStep",
    "Entry",
    "Forecast",
    "Happening",
    "Pattern",
    "Period",
    "Plan",
    "Progress",
    "Running",
    "Supply",
    "Wanted",
    "WantedStep",
]
