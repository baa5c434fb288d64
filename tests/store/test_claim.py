"""One monitor a database: who has it is known, and a process that dies leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import StoreError
from monitor.store.claim import Claim, holder

HOLD = "import sys, time; from pathlib import Path; from monitor.store.claim import Claim; \
claim = Claim.take(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"


def test_a_claim_is_known_refuses_others_and_ends(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    assert holder(database) is None
    claim = Claim.take(database)
    assert holder(database) == os.getpid()
    with pytest.raises(StoreError, match=rf"process {os.getpid()}\) works on .*monitor.db"):
        Claim.take(database)
    claim.release()
    assert holder(database) is None
    Claim.take(database).release()


def test_a_killed_process_leaves_no_claim(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert holder(database) == process.pid
        process.send_signal(signal.SIGKILL)
    assert holder(database) is None
