"""What the characters and words of lines look like, and the sections they begin, as numbers.

Place and type are in `features`.
"""

import re
from collections.abc import Sequence

import numpy as np

FUNCTION_WORDS = frozenset(
    "the of and in to a is was for with that by as were on are be this from at an which or have has it not been had "
    "can these also their its than between may but we our such both other more all used using there into they during "
    "after when most some however only one two no while where how if each about those who would could should will do "
    "does did so over under through then them because being i you he she his her your my me us".split()
)
_REFERENCES = re.compile(
    r"^\W*(?:\d+\.?\s*)?(?:references?(?: and notes| cited)?|bibliography|literature cited|works cited|"
    r"reference list)\W*$",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"^\W*(?:a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary)\b", re.IGNORECASE)
_INTRODUCTION = re.compile(r"^\W*(?:\d+\.?\s*|I\.?\s*)?(?:introduction|background)\b", re.IGNORECASE)
_BACK_MATTER = re.compile(
    r"^\W*(?:acknowledge?ments?|funding|conflicts? of interest|competing interests?|disclosures?|"
    r"authors?.{0,3} contributions?|abbreviations?|availability|supplementary|ethic|consent|publisher.s note|"
    r"declaration|author details|additional files?|appendix)\b",
    re.IGNORECASE,
)
_SHORT = 60  # characters; a heading is no longer
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PATTERNS = {
    name: re.compile(pattern, 0 if name in ("numbered_heading", "entry_number", "initials") else re.IGNORECASE)
    for name, pattern in {
        "caption": r"^\W*(?:supplementary |extended data |additional )?(?:fig(?:ure)?s?|tables?|schemes?|charts?|box|"
                   r"plate|algorithm|listing|exhibit)\b\.?\s*[A-Z]?\d",
        "caption_word": r"^\W*(?:fig(?:ure)?s?|tables?|schemes?)\b",
        "numbered_heading": r"^(?:\d+|[IVX]+)(?:\.\d+)*\.?\s+[A-Z]",
        "entry_number": r"^\W?\d{1,3}[\].)]\s*[A-Z]",
        "bullet": r"^\s*[•▪■–—*·●○►✓-]\s",
        "email": r"@|e-?mail",
        "url": r"https?:|www\.|doi\b|10\.\d{4}",
        "et_al": r"et al",
        "year": r"\b(?:19|20)\d\d[a-z]?\b",
        "bracketed_year": r"\((?:19|20)\d\d\)",
        "volume_pages": r"\d+\s*(?:\(\d+\))?\s*[:,]\s*(?:e\d+|\d+\s*[-–—]\s*\d+)",
        "page_range": r"\b\d+\s*[-–—]\s*\d+\b",
        "initials": r"\b[A-Z][a-z’'-]+,?\s(?:[A-Z]\.?\s?-?){1,3}(?=[,;.&\s]|$)",
        "numeric_citation": r"\[\s*\d+(?:\s*[,–-]\s*\d+)*\s*\]",
        "author_citation": r"\([^()]*(?:19|20)\d\d[a-z]?[^()]*\)?",
        "affiliation": r"\b(?:universit|department|institut|hospital|faculty|school of|laborator|college|centre|"
                       r"center for|academy|correspond|tel\b|fax\b)",
        "rights": r"©|copyright|licen[sc]e|creative commons|open access|all rights|permission",
        "dates": r"\b(?:received|accepted|revised|published|available online|academic editor|citation:|"
                 r"how to cite|editor)\b",
        "keywords": r"^\W*(?:key\s?words?|abbreviations|jel|pacs|ccs concepts)\b",
        "unit": r"\d\s?(?:%|°|mg|ml|μ|µ|nm|mm|cm|kg|min|h\b|Hz|MHz|ppm)",
        "math": r"[=<>±×÷∑∫√≤≥∈→]",
        "dot_leader": r"(?:\.\s?){4,}",
        "degree": r"\b(?:ph\.?d|m\.?d|msc|dr|prof)\b",
    }.items()
}


def text_features(text: str) -> dict[str, float]:
    """Features of one line's characters and words alone."""
    words, bare = WORD.findall(text), text.strip()
    n, count = max(len(text), 1), max(len(words), 1)
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    upper, spaces = sum(map(str.isupper, text)), text.count(" ")
    function_words = sum(word.lower() in FUNCTION_WORDS for word in words)
    tokens = bare.split()
    first, last = bare[:1], bare[-1:]
    found = {
        "characters": min(n, 150) / 100,
        "log_characters": float(np.log(n)),
        "words": min(len(words), 25) / 10,
        "letters": letters / n,
        "digits": digits / n,
        "capitals": upper / max(letters, 1),
        "punctuation": (n - letters - digits - spaces) / n,
        "non_ascii": sum(ord(c) > 126 for c in text) / n,
        "word_length": min(sum(map(len, words)) / count, 15) / 5,
        "function_share": function_words / count,
        "function_words": min(function_words, 8) / 4,
        "capitalised": sum(word[0].isupper() for word in words) / count,
        "single_letters": sum(len(word) == 1 for word in words) / count,
        "all_capitals": float(upper == letters > 2),
        "starts_lower": float(first.islower()),
        "starts_upper": float(first.isupper()),
        "starts_digit": float(first.isdigit()),
        "ends_stop": float(last in (".", "?", "!") and n > 1),
        "ends_hyphen": float(last in ("-", "\u2010")),
        "ends_comma": float(last in (",", ";")),
        "ends_colon": float(last == ":"),
        "ends_lower": float(last.islower()),
        "commas": min(text.count(","), 10) / n * 20,
        "stops": min(text.count("."), 12) / n * 20,
        "brackets": min(text.count("("), 6) / n * 20,
        "tokens": sum(any(map(str.isdigit, t)) for t in tokens) / max(len(tokens), 1),
    }
    return found | {f"p_{name}": float(min(len(p.findall(text)), 3)) for name, p in PATTERNS.items()}


def section_features(texts: Sequence[str]) -> list[dict[str, float]]:
    """For each line, what sections have begun before it, and how long ago."""
    references = introduction = abstract = back = -1
    found = []
    for i, text in enumerate(texts):
        if len(text) < _SHORT:
            references = i if _REFERENCES.match(text) else references
            introduction = i if introduction < 0 and _INTRODUCTION.match(text) else introduction
            back = i if _BACK_MATTER.match(text) else back
        abstract = i if abstract < 0 and _ABSTRACT.match(text) else abstract
        opened = abstract >= 0 or introduction >= 0
        found.append({
            "in_references": float(references >= 0),
            "since_references": min(i - references, 40) / 40 if references >= 0 else -1.0,
            "in_body": float(introduction >= 0),
            "opened": float(opened),
            "in_abstract": float(opened and introduction < 0),
            "in_back": float(back >= 0),
            "since_back": min(i - back, 20) / 20 if back >= 0 else -1.0,
        })
    return found
