"""Decides whether an edit that its author calls minor can be one.

A minor edit reaches readers without another clinician's check, so it may mend spelling and layout
and nothing else. No program knows what a sentence means: whatever could change what a reader does
is refused here, and many a harmless edit with it. A refusal costs one more check by a person.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from publishing.comparing import steps, tokens, words
from publishing.merging import is_same, places, rows_in_order

PLACES_WITHOUT_MEANING = {"fields.order", "fields.menu"}
MOST_WORDS = 12  # gone and come, taken together


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NUMBERS = _set(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty"
    " ninety hundred thousand million billion dozen half third quarter fifth double triple twice"
    " thrice once first second single couple pair several few fewer many much more less least"
    " both"
)
NEGATIONS = _set(
    "no not never cannot cant dont without un non nor neither none nobody nothing nowhere"
    " unless except avoid free wont isnt doesnt didnt shouldnt wouldnt couldnt lack absent deny"
    " hardly barely"
)
MODALITY = _set(
    "may might must should shall can could will would ought need needs always only all none"
    " some any every each most mostly rarely often seldom usually sometimes likely unlikely"
    " possible possibly probable probably maybe perhaps certain certainly sure surely ever just"
)
UNITS = _set(
    "mg mcg g kg ml l iu mmol cm mm m km h hr hrs min mins s percent gram grams milligram"
    " milligrams microgram micrograms tablet tablets dose doses hour hours minute minutes day"
    " days week weeks month months year years daily nightly hourly weekly monthly yearly"
)
LINKING = _set(
    "and or but if then until before after during while when whenever than with from to by over"
    " under above below up down left right in on off at"
)
_KINDS = {
    "A number": NUMBERS,
    "A word such as “not”": NEGATIONS,
    "A word for how certain or how often": MODALITY,
    "A unit or a time": UNITS,
    "A linking word": LINKING,
}
_DECISIVE = {"A number", "A word such as “not”", "A word for how certain or how often"}

# Words that are one letter or two away from another word: changing one of them mends no spelling.
REAL_WORDS = _set(
    "abduct abduction abducts able about ache aches aching acute adduct adduction adducts"
    " advice advise affect analyses analysis angle ankle area areas arm armed arms asleep back"
    " bade bared barred bath bathe bend bends better body bone bones bottom bowel brace brain"
    " break breath breathe bruise bulge calf call calm care cases cause caused causes cheek"
    " chest child chill choose chose chronic clean clear clinic close cold compiles complaint"
    " complement compliant complies compliment confirm conform cool costs cough could cramp"
    " cream cure daily dairy death decease decided deciding decoded decoding dependant dependent"
    " desert dessert diagnoses diagnosis diet different direct disc discs discuss disease disk"
    " dosing dozing drink drive droops drops drug dull early ease effect elbow even event"
    " exercise exercised exist exits experts exports face fact fall falls fast fasten feel feet"
    " fell felt fever fibre fill find fine finger firm first fist flat flex flow fluid foot"
    " force form found front frozen full gain gait gentle gently give goal good grip groin grow"
    " hand hands hard harm head heal health hear heart heat heavy heel heels help high hinge"
    " hips hold home hoping hopping hours house human humerus humorous hurt hurts ileum ilium"
    " increase infection inferior inflamed injection injury inner insert inside instance"
    " instants interior joint joints jump keep knee kneel knees large last later lateral latter"
    " lead lean left leg legs level lift lifting light lightly limb limp line lips literal liver"
    " load local long loose lose loss lost lots loud lower lumber lung major manage massage"
    " metacarpal metatarsal mild mind minor mobile moist moral more motion motor mouth move"
    " moves moving mucous mucus muscle mussel nail neck nerve nerves never night noise normal"
    " numb nurse open oral order organ other outer over pain pains paint pair palm palpation"
    " palpitation part parts past patch patience patient patients pelvic pelvis perineal"
    " peroneal phase pillow place plan plane planed planned plaster point poor pose posture"
    " pouch prevent principal principle private prone prostate prostrate pull pulse push quick"
    " quiet quite raise range rapid rare rash rate reach reduce relax relief relieve remain"
    " repair rest rests right rigid rise risk room rotate rotator rotatory run sacral safe same"
    " scan scar sensor sensory sever several severe severely shin ship shoe short shoulder show"
    " side sight sign signs sing sink site sited sits sitting skin sleep sleeve slight slow"
    " slowly small smear soft sole sore sort sound speed spinal spine spiral sprain spray stable"
    " stage stand start state static stay steady step stepped steroid stiff still stomach"
    " stooped stop stopped strain strange strength stress stretch string striped stripped stroke"
    " strong supine support sure surface swell swelling swim symptom taped taping tapped tapping"
    " tear tears teeth tender tendon tense terminal test tests text than their then there they"
    " thick thigh thin thing think third though thought throat throb through thumb tibia tibial"
    " tight times tingle tired tissue tone torso touch tough toward track trail train training"
    " trapped treat treatment trial tripped turn twist type ulcer unit upper urgent urine usual"
    " vain vein very virus vital waist wait walk walking wall warm warn wash waste water weak"
    " weaken week weight well went what when where which while whole whose wide wind women work"
    " world worm worn worse worst worth would wound wrist write wrong your"
)
# Pairs of beginnings, one of which can become the other by a slip and turn the meaning round.
OPPOSITES = [
    ("in", "de"), ("in", "ex"), ("in", "un"), ("in", ""), ("un", ""), ("dis", ""), ("a", ""),
    ("an", ""), ("im", ""), ("ir", ""), ("il", ""), ("non", ""), ("mis", ""), ("anti", ""),
    ("contra", ""), ("de", ""), ("re", ""), ("ab", ""), ("mal", ""), ("sub", ""), ("over", ""),
    ("under", ""), ("hyper", "hypo"), ("inter", "intra"), ("inter", "in"), ("ante", "anti"),
    ("pre", "post"), ("pre", "pro"), ("pre", "per"), ("per", "pro"), ("ab", "ad"), ("ef", "af"),
    ("macro", "micro"), ("endo", "exo"), ("endo", "ecto"), ("para", "peri"), ("supra", "super"),
    ("sub", "super"), ("over", "under"), ("uni", "bi"), ("mono", "poly"), ("tachy", "brady"),
    ("im", "ex"), ("em", "im"), ("pro", "anti"), ("inter", "infra"), ("intra", "infra"),
]  # fmt: skip
# A letter or two at the end is another number, time or degree: pain and pains, high and higher.
_ENDINGS = {
    "s", "es", "d", "ed", "r", "er", "st", "n", "en", "y", "ly", "l", "al", "ic", "th", "or", "ne",
}  # fmt: skip
# Names of medicines differ by letters that look like slips.
_MEDICINE = re.compile(
    r"(?:profen|fenac|oxicam|oxib|pril|sartan|statin|olol|dipine|azepam|zolam|cillin|mycin|oxacin|"
    r"azole|idine|parin|caine|codone|codeine|morphine|phine|adol|fentanil|triptan|gabalin|pentin|"
    r"azepine|formin|lukast|thiazide|semide|mab|tinib|dronate|zosin|triptyline|oxetine|opram|quine|"
    r"trexate|lone|sone|xicam|xaban|tadine|rizine|setron|zine|zide|mide|taxel|amine|acet\w{0,5}ol)s?$"
)

_VOWELS = set("aeiouy")
LONG_FOR_A_VOWEL = 7  # letters; shorter words have too many neighbours: steps and stops
_LAYOUT = set("*_#")  # says nothing, even beside a number
_CLAUSE = set(".,;:–—()…")  # can turn a sentence round: “No, exercise” and “No exercise”
_HARMLESS = _LAYOUT | _CLAUSE | set("-'‘’\"“”")
_SENTENCE_END = re.compile(r"[.!?\n]")
_AROUND = 1_000  # characters; longer sentences are cut
_NAMES_OF_SIGNS = ("warning", "sign", "flag")
_KEYS_OF_SIGNS = {"sign", "level", "awaiting_clinician"}


def why_not_slight(old_snapshot: Mapping[str, Any], new_snapshot: Mapping[str, Any]) -> list[str]:
    """Return in plain sentences why the edit needs a check: nothing if it can do without."""
    before, after = places(old_snapshot), places(new_snapshot)
    reasons: list[str] = []
    texts: list[tuple[str, str]] = []
    if _outside_places(old_snapshot) != _outside_places(new_snapshot):
        reasons.append("Something other than text changed.")
    for place in dict.fromkeys([*before, *after]):
        old, new = before.get(place), after.get(place)
        if place in PLACES_WITHOUT_MEANING or is_same(place, old, new):
            continue
        found = _texts(place, old, new)
        if isinstance(found, str):
            reasons.append(found)
        else:
            texts += found
    reasons += _text_reasons(texts)
    return list(dict.fromkeys(reasons))


def _outside_places(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {part: values for part, values in snapshot.items() if not isinstance(values, Mapping)}


# --- what is text ---------------------------------------------------------------------------------


def _texts(place: str, old: Any, new: Any) -> list[tuple[str, str]] | str:
    """Return the texts that changed at a place, or why it is not only text."""
    part, _, name = place.partition(".")
    label = name.replace("_", " ").strip().capitalize()
    if name == "slug":
        return "The address of the page changed."
    if part == "fields" and old in (None, "") and new in (None, ""):
        return []
    if part == "fields" and _is_prose(old) and _is_prose(new):
        return [(old, new)]
    if part == "rows":
        return _row_texts(name, label, old or [], new or [])
    return f"{label} changed, which is more than spelling or layout."


def _is_prose(value: Any) -> bool:
    # One word in lower case is a choice from a list, an address or a key.
    return isinstance(value, str) and (len(value.split()) > 1 or value[:1].isupper())


def _row_texts(name: str, label: str, old: Any, new: Any) -> list[tuple[str, str]] | str:
    if old == new:
        return []
    if _are_signs(name, [*old, *new]):
        return "A warning sign changed."
    if len(old) != len(new):
        return f"{label}: something was added or taken out."
    texts: list[tuple[str, str]] = []
    for before, after in zip(rows_in_order(old), rows_in_order(new), strict=True):
        found = _texts_of_row(before, after)
        if found is None:
            return f"{label}: something other than text changed."
        texts += found
    return texts


def _are_signs(name: str, rows: Sequence[Any]) -> bool:
    return any(each in name.lower() for each in _NAMES_OF_SIGNS) or any(
        isinstance(row, Mapping) and _KEYS_OF_SIGNS & set(row) for row in rows
    )


def _texts_of_row(old: Any, new: Any) -> list[tuple[str, str]] | None:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or set(old) != set(new):
        return None
    texts = []
    for name, value in old.items():
        if name == "position" or is_same("", value, new[name]):
            continue
        if not _is_prose(value) or not _is_prose(new[name]):
            return None
        texts.append((value, new[name]))
    return texts


# --- what changed in it ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """Tokens that went and came, with the sentence around them before and after."""

    removed: list[str]
    added: list[str]
    around: list[list[str]]  # before and after it in the old text, before and after it in the new

    @property
    def neighbours(self) -> list[str]:
        """The tokens right beside it."""
        before, after, new_before, new_after = self.around
        return before[-1:] + after[:1] + new_before[-1:] + new_after[:1]


def _text_reasons(texts: list[tuple[str, str]]) -> Iterator[str]:
    texts = [(_composed(old), _composed(new)) for old, new in texts]
    vocabulary = {word.casefold() for _, new in texts for word in words(new)}
    count = 0
    for old, new in texts:
        for change in _changes(old, new):
            count += len(_words(change.removed)) + len(_words(change.added))
            if count > MOST_WORDS:
                yield f"More than {MOST_WORDS} words changed."
                return
            yield from _reasons(change, vocabulary)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).rstrip()


def _changes(old: str, new: str) -> Iterator[_Change]:
    here = there = 0
    for step in steps(old, new):
        one, other = step.kept or step.removed, step.kept or step.added
        if not step.kept and not _is_space(one, other):
            around = [
                _SENTENCE_END.split(old[max(0, here - _AROUND) : here])[-1],
                _SENTENCE_END.split(old[here + len(one) : here + len(one) + _AROUND])[0],
                _SENTENCE_END.split(new[max(0, there - _AROUND) : there])[-1],
                _SENTENCE_END.split(new[there + len(other) : there + len(other) + _AROUND])[0],
            ]
            yield _Change(tokens(one), tokens(other), [_visible(tokens(each)) for each in around])
        here += len(one)
        there += len(other)


def _is_space(old: str, new: str) -> bool:
    return not (old + new).strip() and old.count("\n") == new.count("\n")


def _visible(found: Sequence[str]) -> list[str]:
    return [each for each in found if not each.isspace()]


def _words(found: Sequence[str]) -> list[str]:
    return [each for each in found if any(map(str.isalnum, each))]


def _signs(found: Sequence[str]) -> list[str]:
    return [each for each in _visible(found) if not any(map(str.isalnum, each))]


def _reasons(change: _Change, vocabulary: set[str]) -> Iterator[str]:
    removed, added = _words(change.removed), _words(change.added)
    if len(removed) == len(added):
        for at, (old, new) in enumerate(zip(removed, added, strict=True)):
            first = at == 0 and not _words(change.around[0])
            yield from _pair_reasons(old, new, vocabulary, first=first)
    elif not _is_doubled(change) and not _is_joined(removed, added):
        yield from _count_reasons(removed, added)
    yield from _sign_reasons(change)


def _pair_reasons(old: str, new: str, vocabulary: set[str], *, first: bool) -> Iterator[str]:
    if old == new:
        return
    kind = kind_of(old) or kind_of(new)
    if kind:
        yield f"{kind} changed: {old} became {new}."
    elif _has_same_letters(old, new) or {old.casefold(), new.casefold()} == {"a", "an"}:
        return
    elif not first and (old[:1].isupper() or new[:1].isupper()):
        yield f"A name may have changed: {old} became {new}."
    elif old.casefold() in vocabulary or not is_mend(old, new):
        # What still stands elsewhere in the text is a word, and no slip.
        yield f"A word changed by more than a slip in its spelling: {old} became {new}."


def _count_reasons(removed: list[str], added: list[str]) -> Iterator[str]:
    for found, what in ((removed, "taken out"), (added, "added")):
        kinds = [(kind_of(each), each) for each in found]
        yield from (f"{kind} was {what}: {each}." for kind, each in kinds if kind)
        rest = [each for kind, each in kinds if not kind]
        if rest:
            were = "A word was" if len(rest) == 1 else "Words were"
            yield f"{were} {what}: {' '.join(rest)}."


def _sign_reasons(change: _Change) -> Iterator[str]:
    removed, added = _signs(change.removed), _signs(change.added)
    signs = {*removed, *added} if removed != added else set()
    odd = sorted(signs - _HARMLESS)
    if odd:
        yield f"A sign was changed, added or taken out: {' '.join(odd)}"
    beside = [each for each in change.neighbours if kind_of(each) in _DECISIVE]
    if beside and signs - _LAYOUT:
        yield f"Punctuation changed beside “{beside[0]}”."
    turning = signs & _CLAUSE or _lines(change.removed) != _lines(change.added)
    near = [each for part in change.around for each in part]
    if turning and any(kind_of(each) == "A word such as “not”" for each in near):
        yield "Punctuation or a line break changed in a sentence that says “no” or “not”."


def _lines(found: Sequence[str]) -> int:
    return sum(each.count("\n") for each in found if each.isspace())


# --- words ----------------------------------------------------------------------------------------


def kind_of(token: str) -> str | None:
    """Return what kind of word that no minor edit may touch a token is, or nothing."""
    if token.startswith("[@"):
        return "A citation"
    if token.startswith("]("):
        return "A picture" if token[2:].startswith("image:") else "A link"
    if "://" in token:
        return "A link"
    if any(map(str.isnumeric, token)):
        return "A number"
    folded = token.casefold().replace("’", "'")
    if folded.endswith("n't"):
        return "A word such as “not”"
    if folded.endswith(("'ll", "'d")):
        return "A word for how certain or how often"
    pieces = [folded, *re.split(r"[-.,]", folded)]
    return next((kind for kind, known in _KINDS.items() if not known.isdisjoint(pieces)), None)


def _is_doubled(change: _Change) -> bool:
    """Tell whether a word that stood there twice stands there once."""
    removed = _words(change.removed)
    if len(removed) != 1 or _words(change.added) or kind_of(removed[0]) in _DECISIVE:
        return False
    return removed[0].casefold() in map(str.casefold, change.neighbours)


def _is_joined(removed: list[str], added: list[str]) -> bool:
    """Tell whether words were only written together, or apart: “physio therapy”.

    Not with short pieces: “a typical” and “atypical” have the same letters too.
    """
    pieces = [piece for each in [*removed, *added] for piece in each.split("-")]
    return (
        bool(removed and added)
        and _letters("".join(removed)) == _letters("".join(added))
        and all(len(_letters(each)) >= 4 for each in pieces)
        and not any(map(kind_of, [*removed, *added]))
    )


def _letters(word: str) -> str:
    return "".join(each for each in word.casefold() if each.isalnum())


def _has_same_letters(old: str, new: str) -> bool:
    """Tell whether two words differ in case or punctuation alone, and not in a way that matters."""
    if _letters(old) != _letters(new):
        return False
    # US and us, AIDS and aids.
    if len(_letters(old)) <= 4 and (old.isupper() or new.isupper()):
        return False
    if old.count("-") != new.count("-") or any(mark in old + new for mark in ".,"):
        return _is_joined([old], [new])
    return True


def is_mend(old: str, new: str) -> bool:
    """Tell whether one word can be the other, misspelt, and not another word."""
    if old.isupper() or new.isupper():
        return False
    old, new = old.casefold(), new.casefold()
    if not (old.isalpha() and new.isalpha() and _is_latin(old) and _is_latin(new)):
        return False
    if _without_accents(old) == _without_accents(new):
        return True
    if old in REAL_WORDS or any(map(_MEDICINE.search, (old, new))):
        return False
    return _is_slip(old, new) and not (_turns_round(old, new) or _ends_otherwise(old, new))


def _is_slip(old: str, new: str) -> bool:
    """Tell whether one letter is doubled, swapped with the next, or a wrong or missing vowel.

    Another consonant makes another word too easily: infected and injected, cancer and cancel.
    """
    shorter = min(len(old), len(new))
    same_start = old[:2] == new[:2] or sorted(old[:3]) == sorted(new[:3])
    if shorter < 3 or not same_start or distance(old, new) != 1:
        return False
    if sorted(old) == sorted(new):
        return True
    pairs = enumerate(zip(old, new, strict=False))
    start = next((at for at, (one, other) in pairs if one != other), shorter)
    if len(old) == len(new):
        return {old[start], new[start]} <= _VOWELS and shorter >= LONG_FOR_A_VOWEL
    short, long = sorted((old, new), key=len)
    if long[start] in short[max(0, start - 1) : start + 1]:
        return shorter > 4
    return long[start] in _VOWELS and shorter >= LONG_FOR_A_VOWEL


def _turns_round(old: str, new: str) -> bool:
    for one, other in OPPOSITES:
        for a, b in ((one, other), (other, one)):
            if old.startswith(a) and new.startswith(b):
                # What follows need not be equal: a slip may be mended in the same stroke.
                if a and b and a != b and not (old.startswith(b) or new.startswith(a)):
                    return True
                if old[len(a) :] == new[len(b) :]:
                    return True
    return False


def _ends_otherwise(old: str, new: str) -> bool:
    short, long = sorted((old, new), key=len)
    if long.startswith(short) and long[len(short) :] in _ENDINGS:
        return True
    return short[:-1] == long[: len(short) - 1] and {short[-1:], long[len(short) - 1 :]} <= {
        "s", "d", "r", "e", "y", "ed", "es", "er", "ly", "al", "ic",
    }  # fmt: skip


def _is_latin(word: str) -> bool:
    return _without_accents(word).isascii()


def _without_accents(word: str) -> str:
    return "".join(
        each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each)
    )


def distance(old: str, new: str) -> int:
    """Return how many letters are changed, added, taken out or swapped with the next."""
    if abs(len(old) - len(new)) > 2:
        return 3  # more than anybody asks for
    before: list[int] = []
    last = list(range(len(new) + 1))
    for at, letter in enumerate(old, start=1):
        row = [at]
        for there, other in enumerate(new, start=1):
            cost = min(row[-1] + 1, last[there] + 1, last[there - 1] + (letter != other))
            if at > 1 and there > 1 and letter == new[there - 2] and other == old[at - 2]:
                cost = min(cost, before[there - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
