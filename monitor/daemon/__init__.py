"""EDGE: runs the work for ever, under systemd or in a terminal.

`work.py`       what the daemon asks of the work it runs
`pacemaker.py`  the tick and the slow jobs, at their pace whatever the wall clock does (APScheduler)
`changes.py`    tells when a configuration file was changed
`run.py`        signals, reload, the service manager's questions, a clean stop
"""

from monitor.daemon.run import run
from monitor.daemon.work import Health, Work

__all__ = ["Health", "Work", "run"]
