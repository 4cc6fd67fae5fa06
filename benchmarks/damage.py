"""Work files damaged at random, or prepared by a stranger: a sentence or the right text, never anything else.

    python benchmarks/damage.py [PDF] [--files 2000] [--seed 0]

Bits are flipped, files are cut, rows edited, removed and swapped, tables dropped and triggers added, other
databases, links and journals put in the place; strangers write what they like under valid seals. Each file is
listed, reviewed and gone on with by the command line, and looked at, decided on and drawn from Python. A traceback is
a failure; so is a minute's work, exit status 0 with a text that differs (but for a stranger's, who may have written
another text), and anything changed outside the file's own folder.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import hashlib
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from podprep import PodprepError, Review, Run, show_page
from podprep.cli import main as podprep
from podprep.review import write_report
from podprep.runs.sealed import as_json, hash_of
from podprep.runs.store import WorkFile

SAMPLE = Path(__file__).parents[1] / "notebooks" / "sample" / "sample.pdf"
FILE = "work.podprep"
TABLES = ("facts", "pdf", "pages", "chunks", "cleaned", "decisions")
Damage = Callable[[Path, random.Random], None]


def main() -> int:
    """Damage files and say how it went."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pdf", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.pdf.resolve())
        told = [bench.trial(seed) for seed in range(options.seed, options.seed + options.files)]
    for name, counts in sorted(bench.counts.items()):
        print(f"{name}: " + ", ".join(f"{count} {what}" for what, count in counts.most_common()))
    failures = [failure for failures in told for failure in failures]
    print(f"{options.files} files, {len(failures)} failures", *failures[:20], sep="\n")
    return 1 if failures else 0


class Bench:
    """Two sound work files, one finished and reviewed and one half done, and what must come of them."""

    def __init__(self, folder: Path, pdf: Path) -> None:
        self.folder, self.pdf = folder, pdf
        self.counts: dict[str, Counter[str]] = {}
        (folder / "sound").mkdir()
        self.whole, self.half = folder / "sound" / "whole.podprep", folder / "sound" / "half.podprep"
        run = Run.start(pdf, self.whole, cleaner="tidy")
        self.text = run.go().text
        cut_in_half(self.whole, self.half)
        review = Review(run, author="A. Reviewer")
        for index in range(3):
            review.edit(index, f"Decided {index}.")
        self.reviewed = review.text

    def trial(self, seed: int) -> list[str]:
        """Damage one file and use it in every way; what went wrong."""
        chance = random.Random(seed)
        name, damage = chance.choice(list(DAMAGES.items()))
        room = self.folder / f"room-{seed}"
        inside, outside = room / "inside", room / "outside"
        inside.mkdir(parents=True)
        outside.mkdir()
        (outside / "diary.txt").write_text("mine")
        file = inside / FILE
        shutil.copyfile(chance.choice([self.whole, self.half]), file)
        damage(file, chance)
        before = contents(outside)
        failures = [f"seed {seed}, {name}: {said}" for said in self.use(file, name) if said]
        if contents(outside) != before:
            failures.append(f"seed {seed}, {name}: something outside was changed")
        shutil.rmtree(room)
        return failures

    def use(self, file: Path, name: str) -> list[str]:
        """List, review and go on with a file; what went wrong, each in a sentence."""
        out = file.with_name("out.txt")
        commands = {
            "runs": ["runs", str(file.parent)],
            "review": ["review", str(file), "--text", str(out), "--force"],
            "clean": ["clean", str(self.pdf), "--cleaner", "tidy", "--run", str(file), "-o", str(out), "--force"],
        }
        with hurried():
            return [self.look(file, name), *(self.run(what, command, out, name) for what, command in commands.items())]

    def look(self, file: Path, name: str) -> str:
        """Everything that a notebook may do with a file: "" if it is done or refused in a sentence."""
        counts = self.counts.setdefault(name, Counter())
        doing = "open"
        try:
            run = Run.open(file)
            _ = run.progress, run.settings, run.state
            doing = "review"
            review = Review(run)
            _ = review.text, review.unapplied, review.progress, review.flagged
            doing = "report"
            write_report(review, file.with_name("report.html"))
            doing = "undo and redo"
            while review.undo() is not None:
                pass
            while review.redo() is not None:
                pass
            doing = "show a page"
            show_page(run, 0)
        except PodprepError:
            counts[f"{doing} refused"] += 1
        except BaseException as error:
            return f"{doing} ended in a traceback: {error!r}"
        else:
            counts["look done"] += 1
        return ""

    def run(self, what: str, command: list[str], out: Path, name: str) -> str:
        """One command: "" if all is well."""
        out.unlink(missing_ok=True)
        errors = io.StringIO()
        try:
            with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
                status = podprep(command)
        except BaseException as error:
            return f"{what} ended in a traceback: {error!r}"
        counts = self.counts.setdefault(name, Counter())
        counts[f"{what} {'done' if status == 0 else 'refused'}"] += 1
        if "mistake of podprep" in errors.getvalue():
            return f"{what}: {errors.getvalue()}"
        if status != 0 or what == "runs" or DAMAGES[name] is stranger:
            return ""
        written = out.read_text(encoding="utf-8") if out.exists() else "no text"
        return "" if written in (self.text, self.reviewed) else f"{what} gave another text with exit status 0"


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """Let what takes over a minute end in an error, where the system can."""
    def late(*_: object) -> None:
        raise TimeoutError("a minute is over")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def cut_in_half(whole: Path, half: Path) -> None:
    """A work file as a kill in the middle of the cleaning leaves it."""
    shutil.copyfile(whole, half)
    with WorkFile.opened(half, alone=True) as work:
        work.begin()
        work._database.execute("DELETE FROM facts WHERE key = 'finished'")
        work._database.execute("DELETE FROM cleaned WHERE key > 12")


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, with a hash."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


# Damages


def flip(file: Path, chance: random.Random) -> None:
    """Flip some bits."""
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 1, 4, 64])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def flip_small(file: Path, chance: random.Random) -> None:
    """Flip bits where the small rows and the header stand, rather than in the PDF."""
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice([1, 2, 8])):
        data[chance.randrange(min(8192, len(data)))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def cut(file: Path, chance: random.Random) -> None:
    """Cut the file off, or blank out a part."""
    data = file.read_bytes()
    at = chance.randrange(len(data))
    file.write_bytes(data[:at] if chance.random() < 0.5 else data[:at] + bytes(4096) + data[at + 4096:])


def edit(file: Path, chance: random.Random) -> None:
    """Change, remove, move, double or swap a row with SQL."""
    table = chance.choice(TABLES)
    database = sqlite3.connect(file, isolation_level=None)
    keys = [key for (key,) in database.execute(f"SELECT key FROM {table}")]
    if keys:
        key, other = chance.choice(keys), chance.choice(keys)
        data, seal = database.execute(f"SELECT data, seal FROM {table} WHERE key = ?", (key,)).fetchone()
        changed = bytearray(data)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        statement, values = chance.choice([
            ("UPDATE {} SET data = ? WHERE key = ?", (bytes(changed), key)),
            ("UPDATE {} SET data = ? WHERE key = ?", (data.decode("latin-1"), key)),
            ("UPDATE {} SET seal = ? WHERE key = ?", (chance.choice([None, 5, "x", seal[::-1]]) or "", key)),
            ("DELETE FROM {} WHERE key = ?", (key,)),
            ("DELETE FROM {}", ()),
            ("INSERT OR REPLACE INTO {} VALUES (?, ?, ?)", (other, data, seal)),
            ("INSERT OR REPLACE INTO {} VALUES (?, ?, ?)", ("9999" if table == "facts" else 9999, data, seal)),
        ])
        database.execute(statement.format(table), values)
    database.close()


def rebuild(file: Path, chance: random.Random) -> None:
    """Change what the database is made of."""
    database = sqlite3.connect(file, isolation_level=None)
    table = chance.choice(TABLES)
    database.execute(chance.choice([
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} RENAME TO other",
        f"ALTER TABLE {table} ADD COLUMN more TEXT",
        f"CREATE TRIGGER t AFTER INSERT ON {table} BEGIN DELETE FROM facts; END",
        f"CREATE VIEW v AS SELECT * FROM {table}",
        f"CREATE INDEX i ON {table} (seal)",
        "CREATE TABLE more (key)",
        f"PRAGMA user_version={chance.choice([0, 1, 99])}",
        f"PRAGMA application_id={chance.choice([0, 1])}",
        "PRAGMA journal_mode=WAL",
    ]))
    database.close()


def replace(file: Path, chance: random.Random) -> None:
    """Put something else in the file's place."""
    file.unlink()
    kind = chance.randrange(7)
    if kind == 0:
        database = sqlite3.connect(file)
        database.execute("CREATE TABLE photos (name TEXT)")
        database.close()
    elif kind == 1:
        file.mkdir()
    elif kind == 2:
        os.mkfifo(file)
    elif kind == 3:
        file.write_bytes(b"SQLite format 3\0" + chance.randbytes(5000))
    else:
        file.write_bytes([b"%PDF-1.4\n", b"a diary\n", chance.randbytes(5000)][kind - 4])


def link(file: Path, chance: random.Random) -> None:
    """Put links and journals in the place of the file or beside it."""
    outside = file.parents[1] / "outside"
    beside = file.with_name(file.name + chance.choice(["-journal", "-wal", "-shm"]))
    kind = chance.randrange(5)
    if kind == 0:
        file.unlink()
        file.symlink_to(outside / "new.podprep")
    elif kind == 1:
        shutil.move(file, outside / "moved.podprep")
        file.symlink_to(outside / "moved.podprep")
    elif kind == 2:
        beside.symlink_to(outside / "diary.txt")
    elif kind == 3:
        beside.write_bytes(chance.randbytes(600))
    else:
        name = str(outside / "diary.txt").encode()
        about = len(name).to_bytes(4, "big") + (sum(name) & 0xFFFFFFFF).to_bytes(4, "big")
        magic = bytes.fromhex("d9d505f920a163d7")
        file.with_name(file.name + "-journal").write_bytes(magic + bytes(504) + name + about + magic)


def stranger(file: Path, chance: random.Random) -> None:
    """Change single values, or what a row is altogether, and make everything fit again."""
    rows = read_rows(file)
    for _ in range(chance.choice([1, 1, 1, 3])):
        table = chance.choice([table for table in TABLES if rows[table]])
        key = chance.choice(list(rows[table]))
        if table == "pdf" or chance.random() < 0.05:
            rows[table][key] = chance.choice([b"", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"a": 1e999}', b"xx"])
        else:
            with contextlib.suppress(ValueError, RecursionError):  # what an earlier change made no JSON
                rows[table][key] = as_json(twisted(json.loads(rows[table][key]), chance))
    write_rows(file, rows)


Rows = dict[str, dict[Any, bytes]]


def read_rows(file: Path) -> Rows:
    """Keys and data of every table."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        return {table: dict(database.execute(f"SELECT key, data FROM {table}")) for table in TABLES}


def write_rows(file: Path, rows: Rows) -> None:
    """Put rows in place of all there are, under seals, hashes and a log that fit."""
    before = ""
    with contextlib.suppress(ValueError, TypeError, RecursionError):  # the rest of the log is past mending
        for key in sorted(rows["decisions"], key=str):
            entry = {**json.loads(rows["decisions"][key]), "after": before}
            rows["decisions"][key] = as_json(entry)
            before = hash_of(rows["decisions"][key])
        rows["facts"]["last decision"] = json.dumps(before).encode()
    text = ""
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        cleaned = [json.loads(data) for _, data in sorted(rows["cleaned"].items())]
        text = "".join(chunk["gap"] + chunk["text"] for chunk in cleaned if chunk["text"]).strip()
        text = text and text + "\n"
    with WorkFile.opened(file, alone=True) as work:
        for table in TABLES:
            work.clear(table)
        work.__dict__.pop("_about", None)
        for table in TABLES:
            for key, data in sorted(rows[table].items(), key=lambda row: row[0] != "manifest"):
                work.put(table, key, data)
        if "finished" in rows["facts"]:
            work.finish(text)


def twisted(value: Any, chance: random.Random) -> Any:
    """JSON values with one of them changed, left out or doubled."""
    *way, last = chance.choice([path for path in paths(value) if path] or [("",)])
    if last == "":
        return chance.choice(HOSTILE)
    value = copy.deepcopy(value)
    inside = value
    for step in way:
        inside = inside[step]
    old = inside[last]
    if chance.random() < 0.15:
        del inside[last]
    elif chance.random() < 0.15 and isinstance(inside, list):
        inside.insert(last, copy.deepcopy(old))
    elif isinstance(old, bool):
        inside[last] = not old
    elif isinstance(old, int | float):
        inside[last] = chance.choice([old + 1, old - 1, -old, old * 1000, 0, -1, 10**9, 10**18, 10**30, 1e15, 1e308,
                                      float("nan"), float("inf")])
    elif isinstance(old, str):
        inside[last] = chance.choice(["", "x\x1b[31m\u202e", "\ud800", "[/b]", "a\0b", "/dev/zero", old * 2, "undo"])
    else:
        inside[last] = chance.choice(HOSTILE)
    return value


HOSTILE: list[Any] = [None, -1, 10**30, 1e308, float("nan"), "", "\ud800", [], {}, [1], True, "9" * 5000,
                      "<script>\x1b[31m\u202e"]


def paths(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value within JSON values, of long lists to some."""
    yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value[:40]) if isinstance(value, list) else ()
    for step, one in inner:
        yield from paths(one, (*way, step))


DAMAGES: dict[str, Damage] = {
    "flip": flip, "flip small": flip_small, "cut": cut, "edit": edit, "edit more": edit, "rebuild": rebuild,
    "replace": replace, "link": link, "stranger": stranger, "stranger more": stranger,
}


if __name__ == "__main__":
    began = time.perf_counter()
    status = main()
    print(f"{time.perf_counter() - began:.0f} s")
    sys.exit(status)
