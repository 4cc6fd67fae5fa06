"""Work files damaged at random, or prepared by a stranger: a sentence or the right text, never anything else.

    python benchmarks/damage.py [PDF] [--files 2000] [--seed 0]

Bits are flipped, files are cut, rows edited, removed and swapped, tables dropped and triggers added, other
databases, links and journals put in the place; strangers write what they like under valid seals. Each file is
listed, reviewed and gone on with by the command line. A traceback is a failure; so is exit status 0 with a
text that differs (but for a stranger's, who may have written another text), and anything changed outside the
file's own folder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from podprep import Review, Run
from podprep.cli import main as podprep
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
        return [self.run(what, command, out, name) for what, command in commands.items()]

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
        if status != 0 or what == "runs" or name == "stranger":
            return ""
        written = out.read_text(encoding="utf-8") if out.exists() else "no text"
        right = written in (self.text, self.reviewed) or (what == "review" and is_a_part(written, self.text))
        return "" if right else f"{what} gave another text with exit status 0"


def is_a_part(text: str, whole: str) -> bool:
    """Whether a text is what a run that is not finished gives: the beginning of the whole."""
    return whole.startswith(text.rstrip("\n"))


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
        f"PRAGMA user_version={chance.choice([0, 2, 99])}",
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
    """Write what one likes under valid seals."""
    with WorkFile.opened(file, alone=True) as work:
        table = chance.choice(TABLES)
        rows = list(work.rows(table))
        if not rows:
            return
        key, data = chance.choice(rows)
        if table == "pdf" or chance.random() < 0.2:
            made = chance.choice([b"", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"a": 1e999}', b"NaN", b"xx"])
        else:
            made = json.dumps(twisted(json.loads(data), chance)).encode()
        work.put(table, key, made)
        if chance.random() < 0.5 and work.finished:
            work.keep_fact("finished", {"text": "", "rows": work.digest("pages", "chunks", "cleaned")})


def twisted(value: object, chance: random.Random) -> object:
    """JSON values with one of them changed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        return {**value, key: twisted(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], twisted(value[at], chance), *value[at + 1:]]
    hostile: list[object] = [None, -1, 10**30, 1e308, float("nan"), "", "\ud800", [], {}, True, "9" * 5000]
    hostile.append("<script>\x1b[31m\u202e")
    if isinstance(value, int | float) and chance.random() < 0.7:
        return chance.choice([value + 1, -value - 1, value * 1000, 1e300, 10**9])
    return chance.choice(hostile)


DAMAGES: dict[str, Damage] = {
    "flip": flip, "flip small": flip_small, "cut": cut, "edit": edit, "edit more": edit, "rebuild": rebuild,
    "replace": replace, "link": link, "stranger": stranger,
}


if __name__ == "__main__":
    began = time.perf_counter()
    status = main()
    print(f"{time.perf_counter() - began:.0f} s")
    sys.exit(status)
