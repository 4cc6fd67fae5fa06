"""Numbers with the nouns that they count, as they are told: "1 word", "1,204 words"."""


def counted(number: float, many: str) -> str:
    """A number and what it counts, by the noun's plural, which loses its s for one."""
    return f"{number:,.12g} {many.removesuffix('s') if number == 1 else many}"
