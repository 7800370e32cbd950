"""Idea: Turned directions, invisible characters, half surrogates and zero bytes in every text.
Must: What is shown can be saved as UTF-8 and read as it is; nothing turns the line around.
"""

texts = [
    f"\u202e{MARK}\u2066 01 / 01 \u2069\u200f",
    f"\u200b\u200d\ufeff\u2060\U000e0041{MARK}",
    f"\ud800\udfff\udc80{MARK}\udcff",
    f"\0{MARK}\0\x00\ufffe\uffff",
    "e" + "\u0301" * 5000 + MARK,
    "\ufdfd" * 1900 + MARK,
]
kinds = [
    type(text.replace("\0", "").encode("utf-8", "replace").decode(), (Exception,), {})
    for text in texts
]


def forge(name):
    def answer(*given):
        place = len(given[0]) % len(texts)
        print(texts[place])
        raise kinds[place](texts[place])

    return texts[2] if "position" in name else answer
