"""Which sections have begun before a line, by what headings say in several languages.

A heading is told by its words where it is a line of its own. How lines look is in `marks` and `places`.
"""

import re
from collections.abc import Sequence

import numpy as np

from .marks import Array

_NUMBER = r"^\W*(?:(?:\d{1,2}|[IVX]{1,5}|[A-Z])(?:\.\d+)*[.:]?\s+|第?\s?\d+\s?[章节節장]?\s*)?"
_REST = r"\s*[:.]?\W*$"
HEADINGS = {
    name: re.compile(f"{_NUMBER}(?:{words}){rest}", re.IGNORECASE)
    for name, words, rest in (
        ("references", r"references?(?: and (?:notes|further reading)| cited)?|bibliograph(?:y|ie)|"
                       r"literature(?: cited)?|works cited|cited literature|reference list|further reading|"
                       r"notes and references|"
                       r"literatur(?:verzeichnis|hinweise)?|quellen(?:verzeichnis|angaben)?|bibliograf[iíj]a|"
                       r"referencias|références|riferimenti(?: bibliografici)?|referências|(?:список )?литератур[аы]|"
                       r"библиография|источники|参考(?:文献|资料|書)|引用文献|參考文獻|참고\s?(?:문헌|자료)", _REST),
        ("abstract", r"a\s?b\s?s\s?t\s?r\s?a\s?c\s?t|summary|zusammenfassung|kurzfassung|résumé|resumen|riassunto|"
                     r"sommario|resumo|аннотация|реферат|摘要|要旨|概要|초록|요약", r"(?:\b|$)"),
        ("introduction", r"introduction|background|einleitung|einführung|introducción|introduzione|introdução|"
                         r"введение|はじめに|序論|まえがき|引言|绪论|前言|介绍|서론|소개|들어가며|머리말",
         r"\b.{0,30}$"),
        ("back", r"acknowledge?ments?|funding|conflicts? of interest|competing interests?|disclosures?|"
                 r"authors?.{0,3} contributions?|abbreviations?|(?:data )?availability|supplement\w*|ethic\w*|consent|"
                 r"publisher.s note|declaration\w*|author details|additional (?:files?|information)|about the authors?|"
                 r"danksagung|remerciements|agradecimientos|ringraziamenti|благодарности|謝辞|致谢|감사의 (?:글|말)",
         r"\b.{0,60}$"),
        ("appendix", r"appendix|appendices|anhang|annexe?s?|apéndices?|anexos?|appendic[ei]|allegat[oi]|приложени[ея]|"
                     r"付録|附录|附錄|부록", r"(?:\b|\s|$).{0,70}$"),
        ("contents", r"(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|índice(?: general)?|"
                     r"indice(?: generale)?|contenidos?|содержание|оглавление|目次|目录|目錄|차\s?례|목\s?차|"
                     r"list of (?:figures|tables|examples|algorithms)|(?:abbildungs|tabellen)verzeichnis", _REST),
        ("index", r"(?:general |subject )?index|(?:stichwort|sach)(?:verzeichnis|register)|índice alfabético|"
                  r"indice analitico|(?:предметный )?указатель|索引|색인|찾아보기", _REST),
        ("rights", r"copyright.*|licen[cs]e|legal notices?|impressum|lizenz|licencia|licenza|licence|лицензия|"
                   r"ライセンス|许可证?|著作権|版权|라이선스", _REST),
        ("glossary", r"glossary|list of (?:abbreviations|symbols)|nomenclature|glossar|glosario|glossario|"
                     r"用語集|术语表|용어", _REST),
    )
}
_SHORT = 70  # characters; a heading is no longer
_REACH = 40  # lines after a heading that are told apart


def section_columns(texts: Sequence[str], headings: Sequence[bool]) -> dict[str, Array]:
    """For each line, whether the section it stands in is of a kind, and how long ago one began: columns by name.

    Args:
        texts: the lines.
        headings: whether each line is set like a heading, which ends the section before it.
    """
    count = len(texts)
    states = [f"{state}_{name}" for name in HEADINGS for state in ("is", "in", "since", "seen")]
    table = {state: np.zeros(count, np.float32) for state in states}
    last = dict.fromkeys(HEADINGS, -1)
    current = ""
    for i, (text, heading) in enumerate(zip(texts, headings)):
        found = next((name for name, form in HEADINGS.items() if form.match(text)), "") if len(text) < _SHORT else ""
        if found:
            last[found], current = i, found
            table[f"is_{found}"][i] = 1
        elif heading:
            current = ""
        if current:
            table[f"in_{current}"][i] = 1
        for name, at in last.items():
            table[f"since_{name}"][i] = min(i - at, _REACH) / _REACH if at >= 0 else -1
            table[f"seen_{name}"][i] = at >= 0
    return table
