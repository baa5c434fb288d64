"""The configuration: YAML files become frozen settings, sources and rules, with every problem at its line."""

from monitor.config.load import MONITOR, RULES, SOURCES, Config, examine, load, locate, shown

__all__ = ["MONITOR", "RULES", "SOURCES", "Config", "examine", "load", "locate", "shown"]
