"""python -m tests.bench [end-to-end|fetch|match|store|charts|pages ...]: prints what was measured, side by side."""

import importlib
import sys
import time

BENCHES = {
    "end-to-end": "tests.bench.endtoend",
    "fetch": "tests.bench.fetching",
    "match": "tests.bench.matching",
    "store": "tests.bench.storing",
    "stories": "tests.bench.stories",
    "daemon": "tests.bench.idling",
    "charts": "tests.bench.drawing",
    "pages": "tests.bench.pages",
}


def show(rows: list[dict[str, object]]) -> None:
    """Print rows as a table."""
    if not rows:
        print("nothing measured")
        return
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[number]) for line in table) for number in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    for name in names or list(BENCHES):
        if name not in BENCHES:
            print(f"no benchmark {name!r}; there are: {', '.join(BENCHES)}", file=sys.stderr)
            return 2
        start = time.perf_counter()
        print(f"\n## {name}")
        show(importlib.import_module(BENCHES[name]).run())
        print(f"({time.perf_counter() - start:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
