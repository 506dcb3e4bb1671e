"""Derives the inflected forms of English words, so that rules name each word once."""

_VOWELS = frozenset("aeiou")
# Words whose last consonant doubles, and words whose forms follow no rule.
_DOUBLING = frozenset(
    ("rid", "stop", "fit", "get", "put", "cut", "ban", "drop", "quit", "set", "swap", "plan")
)
_IRREGULAR = {
    "give": "gave given", "show": "shown", "prove": "proven", "get": "got gotten",
    "go": "went gone goes", "do": "did done does", "be": "is are was were been being am",
    "have": "has had having", "say": "said", "find": "found", "feel": "felt", "know": "known knew",
    "fight": "fought", "come": "came", "take": "took taken", "make": "made", "see": "saw seen",
    "think": "thought", "tell": "told", "leave": "left", "break": "broke broken", "lose": "lost",
    "throw": "threw thrown", "write": "wrote written", "rise": "rose risen", "beat": "beaten",
    "withdraw": "withdrew withdrawn", "begin": "began begun", "seek": "sought", "bring": "brought",
    "choose": "chose chosen", "forget": "forgot forgotten", "overcome": "overcame",
    "set": "set", "mean": "meant", "keep": "kept", "sleep": "slept", "wear": "wore worn",
    "flow": "flowed flows flowing", "become": "became", "hold": "held", "rebuild": "rebuilt",
    "gp": "gps", "analysis": "analyses", "diagnosis": "diagnoses", "knee": "knees",
}  # fmt: skip


def forms(word: str) -> frozenset[str]:
    """Return the word with its regular endings (-s, -ed, -ing) and its irregular forms."""
    found = {word, *_IRREGULAR.get(word, "").split()}
    if len(word) < 3 or not word.isalpha():
        return frozenset(found)
    found.add(_with_s(word))
    stem = word
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        stem = word[:-1]
    elif word in _DOUBLING:
        stem = word + word[-1]
    elif word.endswith("y") and word[-2] not in _VOWELS:
        return frozenset(found | {word[:-1] + "ied", word + "ing"})
    if word.endswith("ee"):
        return frozenset(found | {word + "d", word + "ing"})
    return frozenset(found | {stem + "ed", stem + "ing"})


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"
