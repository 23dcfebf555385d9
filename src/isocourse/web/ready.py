"""Makes the workbench ready: nothing is looked for among what stays, and what the first who asks would wait for is done beforehand."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isocourse.web.visit import House


def hurry() -> None:
    """Puts off looking for garbage until the start is over: what is loaded then stays."""
    gc.disable()


def settle(house: House) -> None:
    """Ends the hurry, if there was one: what was loaded is set aside for good, and one page is made for nobody, in the background."""
    if gc.isenabled():
        return
    gc.freeze()
    gc.enable()
    threading.Thread(target=warm, args=(house,), name="warm", daemon=True).start()


def warm(house: House) -> None:
    """Compiles the templates, and makes Today of every sample and one matrix, so that whatever is loaded late is loaded."""
    from isocourse.web.matrix import matrix_view

    for name in house.pages.list_templates():
        house.pages.get_template(name)
    desk = house.desk
    for patient in desk.samples.values():
        desk.today(patient, "en")
    matrix_view(desk.judged(patient, "en"), f"/patient/{patient.handle}", only=True)
