"""The examples of the guide run as they are printed."""

import re
import subprocess
import sys
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "simulate.md"


def test_the_python_example_of_the_guide_runs() -> None:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert found
    done = subprocess.run([sys.executable, "-c", found[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "(3, 168, 3, 24)" in done.stdout
