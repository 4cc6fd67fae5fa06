"""What the characters and words of a line look like, as numbers that mean the same in any language.

Signs of captions, entries and affiliations name such words of several languages; all else is about letters,
digits and marks. Place and type are in `places`, what a section's heading says in `sections`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
WORD = re.compile(rf"[{CJK}]|[^\W\d_{CJK}]+(?:['’-][^\W\d_{CJK}]+)*")
_CJK = re.compile(f"[{CJK}]")
_COMMON = 60  # of a document's words count as its common ones
_FIGURE = (
    r"fig(?:ure|ura|\b\.?)s?|tab(?:le|elle|leau|la|ella|ela|\b\.)s?|abb(?:ildung|\b\.)|schemes?|schema|charts?|"
    r"graphique|grafik|box|plate|exhibit|рис(?:унок|\b\.)?|таблица|табл\.|diagram|listing|algorithm|example|beispiel|esempio|"
    r"ejemplo|exemple|пример"
)
_CASED = ("numbered_heading", "lettered_heading", "entry_number", "initials", "label", "camel")
PATTERNS = {
    name: re.compile(pattern, 0 if name in _CASED else re.IGNORECASE)
    for name, pattern in {
        "caption": rf"^\W*(?:supplementary |extended data |additional )?(?:(?:{_FIGURE})\s*[A-Z]?\d|[図表图圖]\s*\d|"
                   r"(?:그림|표|예)\s*\d)",
        "caption_word": rf"^\W*(?:{_FIGURE}|[図表图圖]|그림|표)\b",
        "numbered_heading": r"^(?:\d+|[IVX]+)(?:\.\d+)*\.?\s+[^\W\d_]",
        "deep_number": r"^\d+(?:\.\d+)+\.?\s",
        "lettered_heading": r"^[A-Z](?:\.\d+)*\.?\s+[A-Z]",
        "entry_number": r"^\W?\d{1,3}[\].)]\s*[A-Z]",
        "label": r"^\[[A-Z][\w+]{1,12}\]",
        "bullet": r"^\s*[•▪■□–—*·●○►✓◦‣\uf0b7\uf0a7-]\s",
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
        "affiliation": r"\b(?:universi|depart[ae]?ment|institut|istitut|hospital|facult|school of|laborator|college|"
                       r"centre|center for|academy|correspond|tel\b|fax\b|университет|институт)|大学|研究所|대학",
        "rights": r"©|copyright|licen[scz]|lizenz|creative commons|open access|all rights|permission|авторск",
        "dates": r"\b(?:received|accepted|revised|published|available online|academic editor|citation:|"
                 r"how to cite|editor|version|revision|ver\.)\b|\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}",
        "keywords": r"^\W*(?:key\s?words?|abbreviations|jel|pacs|ccs concepts|acm reference|index terms)\b",
        "unit": r"\d\s?(?:%|°|mg|ml|μ|µ|nm|mm|cm|kg|min|h\b|Hz|MHz|ppm)",
        "math": r"[=<>±×÷∑∫√≤≥∈→∀∃∧∨⊆∪∩≠≈∞∂λθαβγδε]",
        "equation_number": r"(?:^|\s)\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)$",
        "dot_leader": r"(?:\.\s?){4,}|…{2,}",
        "end_number": r"[^\W\d_][^\d]*\s(?:\d{1,4}|[ivxl]{1,6})$",
        "only_number": r"^\W*\d+\W*(?:/\W*\d+\W*)?$|^[ivxl]+$",
        "degree": r"\b(?:ph\.?d|m\.?d|msc|dr|prof)\b",
        "code": r"[{};]\s*$|[$#>]\s?[a-z]+\s|==|!=|->|=>|::|\(\)|</?\w+|\w+\[\w*\]|"
                r"\b(?:def|return|int|void|sudo|echo)\b",
        "option": r"(?:^|\s)--?[a-z][\w-]+|(?:^|\s)[~/][\w.-]+/[\w./-]*",
        "underscored": r"\w_\w|\w\.\w+\(",
        "camel": r"\b[a-z]+[A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+",
        "placeholder": r"[_.…]{5,}|\[\s?\]|[□☐☑]",
    }.items()
}
_NUMBER_AT_END = re.compile(r"\s(?:\d{1,4}|[ivxl]{1,6})$", re.IGNORECASE)
MARKS = (
    "characters", "log_characters", "words", "letters", "digits", "capitals", "punctuation", "cjk", "word_length",
    "capitalised", "single_letters", "all_capitals", "starts_lower", "starts_upper", "starts_digit", "starts_bracket",
    "ends_stop", "ends_hyphen", "ends_comma", "ends_colon", "ends_lower", "ends_digit", "commas", "stops", "brackets",
    "tokens", "spaces", "longest", *(f"p_{name}" for name in PATTERNS),
)


def _finder(name: str) -> Callable[[str], Sequence[object]]:
    """What finds all places of a pattern; one that can only stand at the start is not looked for farther on."""
    pattern = PATTERNS[name]
    if pattern.pattern.startswith("^"):
        return lambda text: (0,) if pattern.match(text) else ()
    if name == "end_number":  # is slow to find none
        return lambda text: pattern.findall(text) if _NUMBER_AT_END.search(text) else ()
    return pattern.findall


_FINDERS = tuple(map(_finder, PATTERNS))


def marks(text: str) -> list[float]:
    """Measures of one line's characters and words alone, in the order of `MARKS`."""
    found, bare = WORD.findall(text), text.strip()
    n, count = max(len(text), 1), max(len(found), 1)
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    upper, spaces = sum(map(str.isupper, text)), text.count(" ")
    tokens = bare.split()
    first, last = bare[:1], bare[-1:]
    lengths = [len(word) for word in found]
    return [
        min(n, 150) / 100, float(np.log(n)), min(len(found), 40) / 10, letters / n, digits / n,
        upper / max(letters, 1), (n - letters - digits - spaces) / n, len(_CJK.findall(text)) / n,
        min(sum(lengths) / count, 15) / 5, sum(word[0].isupper() for word in found) / count,
        sum(length == 1 for length in lengths) / count, float(upper == letters > 2), float(first.islower()),
        float(first.isupper()), float(first.isdigit()), float(first in "([{"),
        float(last in ".?!。？！" and n > 1), float(last in ("-", "\u2010")), float(last in (",", ";", "、", "，")),
        float(last in (":", "：")), float(last.islower()), float(last.isdigit()), min(text.count(","), 10) / n * 20,
        min(text.count("."), 12) / n * 20, min(text.count("("), 6) / n * 20,
        sum(any(map(str.isdigit, t)) for t in tokens) / max(len(tokens), 1), spaces / n,
        min(max(map(len, tokens), default=0), 60) / 20,
        *(min(len(find(text)), 3) for find in _FINDERS),
    ]


def common_words(lines: Iterable[Sequence[str]]) -> tuple[frozenset[str], Counter[str]]:
    """The words that most lines hold, as function words do in any language, and how many lines hold each word."""
    seen: Counter[str] = Counter()
    for found in lines:
        seen.update([*dict.fromkeys(found)])  # in order: a set's differs from process to process
    usual = (word for word, _ in seen.most_common() if word.islower() or not word.isascii())
    return frozenset(word for word, _ in zip(usual, range(_COMMON))), seen


def familiar(texts: Sequence[str]) -> dict[str, Array]:
    """How common the words of each line are in the document itself: columns by name."""
    lines = [[word.lower() for word in WORD.findall(text)] for text in texts]
    common, seen = common_words(lines)
    found = np.zeros((4, len(lines)), np.float32)
    scale = np.log(len(lines) + 1)
    for i, words in enumerate(lines):
        count = max(len(words), 1)
        usual = sum(word in common for word in words)
        found[0, i], found[1, i] = usual / count, min(usual, 12) / 4
        found[2, i] = sum(np.log(seen[word]) for word in words) / count / scale
        found[3, i] = sum(seen[word] == 1 for word in words) / count
    return dict(zip(("common_share", "common_words", "familiar", "unique"), found))
