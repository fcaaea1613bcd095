"""House rules no general linter knows: `tools/house_rules.py`. Each says why; CONTRIBUTING.md has them in words."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 400
APART = {".venv", "node_modules", "var", ".git", "static"}
BAD_NAMES = {"util.py", "utils.py", "helpers.py", "misc.py", "common.py"}


@dataclass(frozen=True)
class Rule:
    """A pattern that may occur in the places named only."""

    pattern: re.Pattern[str]
    allowed: tuple[str, ...]
    why: str


RULES = (
    Rule(
        re.compile(r"\b(?:datetime\.(?:now|utcnow)|date\.today|time\.time)\("),
        ("core/clock.py", "tools/", "bench/", "tests/"),
        "business time is read once per unit of work, by core/clock.py",
    ),
    Rule(
        re.compile(r"\.commit\("),
        ("core/unit_of_work.py", "tools/", "bench/", "tests/"),
        "there is one commit point, core/unit_of_work.py",
    ),
    Rule(
        re.compile(r"\.state = "),
        ("core/workflow.py", "tools/", "tests/"),
        "only core/workflow.py writes a state",
    ),
    Rule(
        re.compile(r"\buuid\.?(?:uuid)?4\("),
        ("core/clock.py", "core/http/forms.py", "tools/", "bench/", "tests/"),
        "ids come from the injected source, so that a simulated run repeats to the byte",
    ),
    Rule(
        re.compile(r"#\s*(?:TODO|FIXME)|raise NotImplementedError"),
        ("tools/house_rules.py",),
        "what is in the tree is finished; open work stands in an issue",
    ),
    Rule(
        re.compile(r"#\s*(?:noqa(?::[A-Z0-9, ]+)?|type: ignore(?:\[[\w, -]+\])?)\s*$"),
        ("tools/house_rules.py", "migrations/"),
        "an exception to a check names its code and its reason on the line",
    ),
)
TEMPLATE_RULES = (
    Rule(re.compile(r"<[^>]*\sstyle="), (), "the content security policy refuses inline styles"),
    Rule(re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)"), (), "the policy refuses inline scripts"),
    Rule(re.compile(r"<[^>]*\son[a-z]+="), (), "the policy refuses inline handlers"),
)


def files(suffix: str) -> Iterator[Path]:
    """Yield the project's own files of one kind, as paths from its root."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(set(inner) - APART)
        for name in sorted(names):
            if name.endswith(suffix):
                yield (Path(folder) / name).relative_to(ROOT)


def faults() -> Iterator[str]:
    """Yield every breach with its place and the reason for the rule."""
    for path in files(".py"):
        lines = (ROOT / path).read_text().splitlines()
        if len(lines) > LONGEST and path.parts[:2] != ("migrations", "versions"):
            yield f"{path}: {len(lines)} lines, more than {LONGEST}: a longer file is a missing noun"
        if path.name in BAD_NAMES:
            yield f"{path}: the name says nothing about what is in it"
        yield from breaches(path, lines, RULES)
    for path in files(".html"):
        yield from breaches(path, (ROOT / path).read_text().splitlines(), TEMPLATE_RULES)


def breaches(path: Path, lines: list[str], rules: tuple[Rule, ...]) -> Iterator[str]:
    """Yield the lines of a file that break one of the rules."""
    for rule in rules:
        if str(path).startswith(rule.allowed):
            continue
        for number, line in enumerate(lines, 1):
            if rule.pattern.search(line):
                yield f"{path}:{number}: {rule.why}"


def main() -> int:
    """Print the breaches; return 1 when there are any."""
    found = list(faults())
    print("\n".join(found) if found else "every house rule holds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
