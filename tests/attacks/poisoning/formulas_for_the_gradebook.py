"""Idea: Texts that a spreadsheet takes for formulas, and separators that shift a row's columns.
Must: They are quoted where they stand in a table; no cell begins with them.
"""

texts = [
    f"=cmd|' /C calc'!A0 {MARK}",
    f"+1+1;{MARK}",
    f'-2+3\t=HYPERLINK("http://192.0.2.1/{MARK}")',
    f"@SUM(1)\r\n=1+1,{MARK}",
    f'\t=1+1"",""=2;{MARK}',
    f"\uff1d1+1\u2028=1\x85=2\x0b=3\x0c{MARK}",
]
kinds = [type(text, (Exception,), {}) for text in texts]


def forge(name):
    def answer(*given):
        place = len(given[0]) % len(texts)
        raise kinds[place](texts[place])

    return texts[0] if "position" in name else answer
