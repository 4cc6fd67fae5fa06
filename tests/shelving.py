"""What the tests of shelves share: what a shelf holds, and a document that ends whatever cleans it."""

from podprep.runs.store import WorkFile


def held(out):
    """Every file's bytes, and of work files, what they hold: SQLite's pages may lie otherwise."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.suffix == ".podprep":
            with WorkFile.opened(path) as work:
                found[path.name] = {table: list(work.rows(table)) for table in ("facts", "pdf", "pages", "cleaned")}
        elif path.is_file():
            found[path.name] = path.read_bytes()
    return found


def killing(folder):
    """A cleaner's process that a document of one name ends."""
    (folder / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if sys.argv[0] == '-m':\n"
        "    import podprep.runs.run as run\n"
        "    go = run.Run.go\n"
        "    run.Run.go = lambda self, *a: os.kill(os.getpid(), 9) if self.pdf.name == 'bad.pdf' else go(self, *a)\n")
    return str(folder)
