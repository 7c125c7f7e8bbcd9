"""What importing the `openai` package does to the process."""

from __future__ import annotations

import subprocess
import sys

WATCHED = """
import gc
from jupyter_codeact.models.package import openai_package

assert gc.get_freeze_count() == 0
package = openai_package()
frozen = gc.get_freeze_count()
assert package is openai_package() and gc.get_freeze_count() == frozen, "it happens once"
class Ring: pass
ring = Ring()
ring.itself = ring
del ring
print(frozen > 10_000, len(gc.get_objects()) < frozen / 10, gc.collect() > 0)
"""


def test_what_is_alive_when_the_package_is_there_is_not_collected_again_and_what_comes_later_is() -> None:
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["True", "True", "True"], done.stderr
