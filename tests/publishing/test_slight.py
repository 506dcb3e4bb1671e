"""An edit that could change what a reader does never passes as a minor one."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.slight import MOST_WORDS, distance, is_mend, why_not_slight

# The text that Hypothesis makes up can take a while on a busy machine, which is no fault in ours.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SNAPSHOT: dict[str, Any] = {
    "fields": {
        "title": "Back pain",
        "slug": "back-pain",
        "body": "Rest a little. Then walk.",
        "order": 100,
        "menu": "footer",
        "is_featured": False,
        "also_known_as": ["lumbago"],
        "author": {"pk": 3, "text": "Asha Example"},
        "lead_image": None,
    },
    "many": {"treatments": [{"pk": 1, "text": "Physiotherapy"}]},
    "rows": {
        "faqs": [
            {"question": "Is it dangerous?", "answer": "Sedlom is it.", "position": 0},
            {"question": "What helps?", "answer": "Walking helps a lot.", "position": 1},
        ],
        "warning_signs": [
            {
                "level": "urgent",
                "sign": "you have a feverr",
                "awaiting_clinician": False,
                "position": 0,
                "sources": [{"pk": 4, "text": "ng59: Low back pain"}],
            }
        ],
        "prices": [{"name": "First visit", "price": "60.00", "position": 0}],
    },
}

SLIGHT = [
    ("See a physiotherapst soon.", "See a physiotherapist soon."),
    ("You recieve a letter.", "You receive a letter."),
    ("It definately helps.", "It definitely helps."),
    ("An accomodating chair.", "An accommodating chair."),
    ("Sit in teh chair.", "Sit in the chair."),
    ("The pian goes.", "The pain goes."),
    ("The stifness goes.", "The stiffness goes."),
    ("The ligamnet heals.", "The ligament heals."),
    ("A rheumatolgist helps.", "A rheumatologist helps."),
    ("Walk walk slowly.", "Walk slowly."),
    ("It is the the spine.", "It is the spine."),
    ("Low self care.", "Low self-care."),
    ("See the physio therapist.", "See the physiotherapist."),
    ("The patients choice.", "The patient's choice."),
    ("Its a long way.", "It's a long way."),
    ("the spine is strong", "The spine is strong"),
    ("Back Pain Clinic", "Back pain clinic"),
    ("The spine is strong", "The spine is strong."),
    ("Walking, swimming.", "Walking; swimming."),
    ("Walk  and swim.", "Walk and swim."),
    ("Walk and swim.\nRest.", "Walk and swim.\n\nRest."),
    ("Walk and swim.", "Walk and **swim**."),
    ("Causes\n\nWear and tear.", "## Causes\n\nWear and tear."),
    ("- walk\n- swim", "* walk\n* swim"),
    ("Walk and swim.\n", "Walk and swim."),
    ("Don't run", "Don't run\n"),
    ("A 'good' chair", "A ‘good’ chair"),
    ("A naive idea", "A naïve idea"),
    ("It is a arthritis.", "It is an arthritis."),
    ("Take 4 tablets. Wlaking helps.", "Take 4 tablets. Walking helps."),
    (
        "[NICE](https://www.nice.org.uk/) recomends it.",
        "[NICE](https://www.nice.org.uk/) recommends it.",
    ),
    ("It helps [@ng59] becuase it moves.", "It helps [@ng59] because it moves."),
]
NOT_SLIGHT = [
    # numbers
    ("Take 4 tablets.", "Take 6 tablets."),
    ("Take 4 tablets.", "Take tablets."),
    ("Take tablets.", "Take 4 tablets."),
    ("Take 0.5 mg.", "Take 05 mg."),
    ("Take 0.5 mg.", "Take .5 mg."),
    ("Take 10 mg.", "Take 1 0 mg."),
    ("Take 1–2 tablets.", "Take 1, 2 tablets."),
    ("Take 5 mg.", "Take -5 mg."),
    ("Take 5 mg.", "Take <5 mg."),
    ("Take ½ a tablet.", "Take ¼ a tablet."),
    ("Wait two weeks.", "Wait ten weeks."),
    ("Wait two weeks.", "Wait two days."),
    ("Take half a tablet.", "Take a tablet."),
    ("Take it twice.", "Take it thrice."),
    ("A two-week course.", "A ten-week course."),
    ("The L4 disc.", "The L5 disc."),
    ("Type II pain.", "Type III pain."),
    ("Vitamin B helps.", "Vitamin D helps."),
    ("٣ times", "٤ times"),
    # units
    ("Take 5 mg.", "Take 5 mcg."),
    ("Take 5 mg.", "Take 5 g."),
    ("Take a tablet.", "Take a tablets."),
    # negations
    ("Do not run.", "Do run."),
    ("Do run.", "Do not run."),
    ("You can run.", "You cannot run."),
    ("You can run.", "You can't run."),
    ("You can’t run.", "You cant run."),
    ("It is never safe.", "It is ever safe."),
    ("Run without shoes.", "Run with shoes."),
    ("No, running helps.", "No running helps."),
    ("Do not stop, walk on.", "Do not stop walk on."),
    ("Do not run. Walk.", "Do not run walk."),
    ("Do not:\n\n- run", "Do not: - run"),
    ("We'll see.", "Well see."),
    # certainty
    ("It may help.", "It must help."),
    ("It may help.", "It will help."),
    ("It may help.", "It helps."),
    ("It often helps.", "It rarely helps."),
    ("All people heal.", "Some people heal."),
    ("Only walk.", "Walk."),
    ("It always heals.", "It heals."),
    ("You should rest.", "You could rest."),
    # words that look alike
    ("Increase the load.", "Decrease the load."),
    ("It will increase.", "It will decrease."),
    ("They have hypertension.", "They have hypotension."),
    ("They had hyperthyroidism.", "They had hypothyroidism."),
    ("An intramuscular route.", "An intermuscular route."),
    ("It is safe.", "It is unsafe."),
    ("It is asymptomatic.", "It is symptomatic."),
    ("It is a typical pain.", "It is atypical pain."),
    ("It is effective.", "It is ineffective."),
    ("It is in effective.", "It is ineffective."),
    ("They agree.", "They disagree."),
    ("Include milk.", "Exclude milk."),
    ("Inhale slowly.", "Exhale slowly."),
    ("Internal rotation.", "External rotation."),
    ("Hip abduction.", "Hip adduction."),
    ("The ileum hurts.", "The ilium hurts."),
    ("Use heat.", "Use heart."),
    ("The hip hurts.", "The lip hurts."),
    ("A severe pain.", "A several pain."),
    ("Weak legs.", "Week legs."),
    ("Take prednisone.", "Take prednisolone."),
    ("Take hydroxyzine.", "Take hydralazine."),
    ("You take Celebrex.", "You take Celebrix."),
    ("The pain is high.", "The pain is higher."),
    ("It was prescribed.", "It was proscribed."),
    ("Left side.", "Right side."),
    ("An infected joint.", "An injected joint."),
    ("A sign of cancer.", "A sign of cancel."),
    ("Contact the clinic.", "Contract the clinic."),
    ("Swelling at night.", "Sweating at night."),
    ("The inflamed joint.", "The informed joint."),
    ("Its position matters.", "Its positive matters."),
    ("A taping session.", "A tapping session."),
    ("Perceptive care.", "Preceptive care."),
    ("An antiseptic room.", "An anteseptic room."),
    ("A complaint person.", "A compliant person."),
    ("Heat or cold.", "Heat and cold."),
    ("Rest if it hurts.", "Rest of it hurts."),
    ("Pain free days.", "Pain days."),
    ("Wear nothing tight.", "Wear nothing light."),
    ("Tell US.", "Tell us."),
    ("Re-form it.", "Reform it."),
    # words that come or go
    ("Take ibuprofen.", "Take ibuprofen daily."),
    ("Take ibuprofen.", "Take strong ibuprofen."),
    ("Rest fully.", "Rest."),
    ("Rest, then walk.", "Walk, then rest."),
    ("Pressure sore", "Sore pressure"),
    ('It is 5" long.', "It is 5 long."),
    # links, citations, pictures, signs
    ("It helps [@ng59].", "It helps."),
    ("It helps [@ng59].", "It helps [@ng95]."),
    ("It helps. It heals [@ng59].", "It helps [@ng59]. It heals."),
    ("See [us](/a/).", "See [us](/b/)."),
    ("See https://a.example/x now.", "See https://a.example/y now."),
    ("Look: ![A back](image:12)", "Look: ![A back](image:13)"),
    ("Is it safe?", "Is it safe."),
    ("Pain > fever", "Pain < fever"),
    ("Pain now", "<!-- Pain now -->"),
    ("Pain now", "Pain ~~now~~"),
    ("See the note.", "See the note.[^a]"),
    ("Pain now", "Pain\u202e now"),
    # other scripts, about which nothing is known here
    ("Слово боль", "Слово боли"),
    ("Say ألم now", "Say أمل now"),
    ("A pаin", "A pain"),  # a Cyrillic letter
]


def _with(place: str, value: Any) -> dict[str, Any]:
    part, name = place.split(".")
    changed = deepcopy(SNAPSHOT)
    changed[part][name] = value
    return changed


@pytest.mark.parametrize(("old", "new"), SLIGHT)
def test_mended_spelling_and_layout_are_minor(old: str, new: str) -> None:
    assert why_not_slight(_with("fields.body", old), _with("fields.body", new)) == []


@pytest.mark.parametrize(("old", "new"), NOT_SLIGHT)
def test_what_could_change_what_a_reader_does_is_not_minor(old: str, new: str) -> None:
    for one, other in ((old, new), (new, old)):
        reasons = why_not_slight(_with("fields.body", one), _with("fields.body", other))
        assert reasons, (one, other)
        assert all(reason[0].isupper() for reason in reasons)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("fields.slug", "back-pains"),
        ("fields.is_featured", True),
        ("fields.author", {"pk": 4, "text": "Asha Example"}),
        ("fields.author", None),
        ("fields.lead_image", {"pk": 1, "text": "A back"}),
        ("fields.also_known_as", ["lumbagos"]),
        ("fields.unknown", 3),
        ("fields.unknown", "severe"),
        ("fields.title", ""),
        ("fields.title", None),
        ("many.treatments", []),
        ("many.unknown", [{"pk": 1, "text": "Anything"}]),
        ("rows.faqs", []),
        ("rows.faqs", SNAPSHOT["rows"]["faqs"][:1]),
        ("rows.faqs", [each | {"shown": True} for each in SNAPSHOT["rows"]["faqs"]]),
        ("rows.prices", [{"name": "First visit", "price": "61.00", "position": 0}]),
        ("rows.unknown", [{"text": "Anything"}]),
        ("rows.faqs", ["odd", "odder"]),
    ],
)
def test_anything_but_text_is_not_minor(place: str, value: Any) -> None:
    assert why_not_slight(SNAPSHOT, _with(place, value))
    assert why_not_slight(_with(place, value), SNAPSHOT)


@pytest.mark.parametrize(
    "change", [{"sign": "you have a fever"}, {"level": "routine"}, {"sources": []}]
)
def test_warning_sign_is_never_touched_by_a_minor_edit(change: dict[str, Any]) -> None:
    rows = [SNAPSHOT["rows"]["warning_signs"][0] | change]
    assert why_not_slight(SNAPSHOT, _with("rows.warning_signs", rows)) == [
        "A warning sign changed."
    ]
    # Whatever the rows are called.
    old, new = ({"rows": {"red": each}} for each in (SNAPSHOT["rows"]["warning_signs"], rows))
    assert why_not_slight(old, new) == ["A warning sign changed."]


@pytest.mark.parametrize(("place", "value"), [("fields.order", 7), ("fields.menu", "top")])
def test_place_in_lists_is_minor(place: str, value: Any) -> None:
    assert why_not_slight(SNAPSHOT, _with(place, value)) == []


def test_spelling_in_an_answer_is_minor_and_a_number_is_not() -> None:
    rows = deepcopy(SNAPSHOT["rows"]["faqs"])
    rows[1]["answer"] = "Walking hepls a lot."
    assert why_not_slight(_with("rows.faqs", rows), SNAPSHOT) == []
    rows[1]["answer"] = "Walking 3 helps a lot."
    assert why_not_slight(_with("rows.faqs", rows), SNAPSHOT) == ["A number was taken out: 3."]


def test_questions_in_another_order_are_not_minor() -> None:
    first, second = SNAPSHOT["rows"]["faqs"]
    rows = [second | {"position": 0}, first | {"position": 1}]
    assert why_not_slight(SNAPSHOT, _with("rows.faqs", rows))
    gaps = [first | {"position": 3}, second | {"position": 9}]
    assert why_not_slight(SNAPSHOT, _with("rows.faqs", gaps)) == []


def test_reasons_say_what_changed() -> None:
    new = _with("fields.body", "Rest 6 little. Then rnu [@a].")
    old = _with("fields.body", "Rest 4 little. Then walk.")
    assert why_not_slight(old, new)[0] == "A number changed: 4 became 6."


def test_word_that_stands_elsewhere_is_no_slip() -> None:
    assert why_not_slight(
        _with("fields.body", "The trapezoid aches. A trapezoid is round."),
        _with("fields.body", "The trapezoic aches. A trapezoid is round."),
    )


def test_many_mended_words_are_too_many() -> None:
    def text(number: int, *, right: bool) -> str:
        name = "muscular" if right else "muscualr"
        return " ".join(f"{name} {'xyz'[at % 3] * (at + 5)}" for at in range(number))

    allowed = MOST_WORDS // 2
    for number, reasons in ((allowed, 0), (allowed + 1, 1)):
        old, new = (_with("fields.body", text(number, right=right)) for right in (False, True))
        assert len(why_not_slight(old, new)) == reasons


@UNHURRIED
@given(st.text(st.characters()), st.text(st.characters()))
def test_odd_text_is_decided(old: str, new: str) -> None:
    assert why_not_slight(_with("fields.body", old), _with("fields.body", old)) == []
    assert isinstance(why_not_slight(_with("fields.body", old), _with("fields.body", new)), list)


@UNHURRIED
@given(st.text("ab 4.,-\nnot", max_size=40), st.text("ab 4.,-\nnot", max_size=40))
def test_digits_are_the_same_after_a_minor_edit(old: str, new: str) -> None:
    if not why_not_slight(_with("fields.body", old), _with("fields.body", new)):
        assert old.count("4") == new.count("4")
        assert old.split().count("not") == new.split().count("not")


@pytest.mark.parametrize(
    ("old", "new"),
    [({}, {}), ({"fields": {}}, {}), ({}, {"fields": {"body": ""}}), (SNAPSHOT, SNAPSHOT)],
)
def test_nothing_to_speak_of_is_minor(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert why_not_slight(old, new) == []
    assert why_not_slight(new, old) == []


@pytest.mark.parametrize("new", [{}, {"fields": {}}, {"fields": None}, {"odd": 1}])
def test_missing_places_are_not_minor(new: dict[str, Any]) -> None:
    assert why_not_slight(SNAPSHOT, new)
    assert why_not_slight(new, SNAPSHOT)


def test_huge_texts_are_decided() -> None:
    old, new = ("word " * 8_000, "other " * 7_000)
    assert why_not_slight(_with("fields.body", old), _with("fields.body", new)) == [
        f"More than {MOST_WORDS} words changed."
    ]


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [("", "", 0), ("ab", "ba", 1), ("abc", "abd", 1), ("abcd", "ab", 2), ("abc", "xyz", 3)],
)
def test_distance_counts_letters(old: str, new: str, count: int) -> None:
    assert distance(old, new) == distance(new, old) == count


@UNHURRIED
@given(st.text("abcdeinuxy", max_size=9), st.sampled_from(["in", "un", "a", "dis", "im", "non"]))
def test_word_with_a_beginning_that_denies_it_is_another_word(word: str, start: str) -> None:
    assert not is_mend(word, start + word)
    assert not is_mend(start + word, word)
