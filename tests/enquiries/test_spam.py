"""A suspected enquiry has a reason that staff can read, and a patient is hardly ever suspected."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enquiries.spam.fingerprint import text_fingerprint
from enquiries.spam.judgement import Circumstances, Judgement, Limits, judge
from enquiries.spam.lists import domains, entries, kinds
from enquiries.spam.network import network
from enquiries.spam.phrases import Phrases

# The text that Hypothesis makes up can take a while on a busy machine, which is no fault in ours.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)

PATIENT = Circumstances(
    full_name="Alex Example",
    email="alex@example.com",
    telephone="07700 900 982",
    message="My knee hurts on the stairs. Could I have an appointment?",
    honeypot="",
    seconds_on_form=80.0,
    from_same_network=0,
    same_text=0,
    chose_condition=True,
)
# Nothing in it speaks for or against anything.
PLAIN = replace(PATIENT, message="Hello, who can I ask?", chose_condition=False)


def judged(base: Circumstances = PLAIN, **changes: Any) -> Judgement:
    return judge(replace(base, **changes))


def keys(judgement: Judgement) -> set[str]:
    return {reason.key for reason in judgement.reasons if reason.weight > 0}


def test_a_patient_is_not_suspected() -> None:
    assert not judge(PATIENT).is_suspected


def test_a_plain_question_scores_nothing() -> None:
    assert judge(PLAIN) == Judgement(0.0, ())


def test_a_clear_offer_is_suspected() -> None:
    assert judged(message="We sell backlinks and SEO services, reply for prices").is_suspected


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("http://a.example.com and http://b.example.org and more", "links"),
        ("See https://bit.ly/abc for this", "shortener"),
        ("Look at http://thing.example.top", "cheap_domain"),
        ("https://example.com/a/long/way/to/go ok", "mostly_links"),
        ("See offers.example.com for more", "links"),
        ("<a href='http://example.com'>x</a>", "link_markup"),
        ("[url=http://example.com]x[/url]", "link_markup"),
        ("<script>alert(1)</script>", "attack"),
        ("' OR '1'='1'", "attack"),
        ("Hello <b>you</b>", "markup"),
        ("kHfWxqTz", "random_letters"),
        ("sdfkjhsdf lkwrtpz", "random_letters"),
        ("Test!", "test"),
        ("b\u0430cklinks for you", "disguised"),
        ("h\u0435llo th\u0435re my fri\u0435nd l\u043ev\u0435ly", "mixed_alphabets"),
        ("c\u200ba\u200bs\u200bi\u200bno", "hidden"),
        ("Bitcoin trading for all", "money"),
    ],
)
def test_what_is_noticed_in_a_message(message: str, key: str) -> None:
    assert key in keys(judged(message=message))


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("full_name", "www.pills.example.com", "name_link"),
        ("full_name", "kHfWxqTzLp", "random_name"),
        ("full_name", "dfgkjhdfg", "random_name"),
        ("full_name", "Buy viagra", "adult"),
        ("email", "a.b.c.d.e.f@example.com", "dotted_email"),
        ("email", "kHfWxqTzLp@example.com", "random_email"),
        ("email", "someone@mail.example.top", "cheap_email"),
        ("telephone", "11111111111", "odd_telephone"),
        ("telephone", "12345678", "odd_telephone"),
        ("honeypot", "Acme Ltd", "honeypot"),
        ("honeypot", "alex@example.com", "honeypot_autofilled"),
        ("seconds_on_form", 0.3, "impossibly_fast"),
        ("seconds_on_form", 2.0, "fast"),
        ("from_same_network", 10, "network"),
        ("from_same_network", 20, "network"),
        ("from_same_network", 60, "network_flood"),
        ("same_text", 3, "repeat"),
        ("same_text", 8, "repeat_flood"),
    ],
)
def test_what_is_noticed_around_a_message(name: str, value: Any, key: str) -> None:
    assert key in keys(judged(**{name: value}))


@pytest.mark.parametrize(
    "name",
    ["Siobhán Ní Mhurchú", "McKenzie MacDonald", "Ng", "Szczęsny Brzęczyszczykiewicz", "李", "علي",
     "Vlk Smrž", "PJ O'Rourke-Smith"],
)  # fmt: skip
def test_names_of_people_are_no_random_letters(name: str) -> None:
    assert not keys(judged(full_name=name))


@pytest.mark.parametrize(
    "message",
    [
        "My knee.it hurts and my back.is sore",
        "Write to me at jo.smith@mail.example.com",
        "See https://www.nhs.uk/conditions/back-pain/ for what I have",
        "Hmmmm",
        "میری کمر میں درد می‌کند می‌خواهم می‌شود می‌رود",
        "бiль у спинi, прошу записати",
        "دردم زیاد است",
        "ሰላም፣ ሕቖይ የሕመኒ ኣሎ",
    ],
)
def test_what_people_write_is_no_mark_of_spam(message: str) -> None:
    assert not keys(judged(message=message))


@pytest.mark.parametrize("changes", [{"seconds_on_form": 0.2}, {"from_same_network": 40}])
def test_arriving_oddly_never_suffices_alone(changes: dict[str, Any]) -> None:
    assert not judged(**changes).is_suspected


def test_nobody_is_suspected_for_resending() -> None:
    assert not judged(same_text=4).is_suspected


@pytest.mark.parametrize("changes", [{"from_same_network": 60}, {"same_text": 8}])
def test_a_flood_suffices_whatever_it_says(changes: dict[str, Any]) -> None:
    assert judged(PATIENT, **changes).is_suspected


def test_an_unknown_time_counts_nothing() -> None:
    assert not keys(judged(seconds_on_form=None))


def test_a_patient_may_have_the_hidden_field_filled_in() -> None:
    assert not judged(PATIENT, honeypot="Acme Ltd").is_suspected


def test_patients_words_count_for_the_sender() -> None:
    assert any(reason.weight < 0 for reason in judge(PATIENT).reasons)


def test_naming_a_treatment_does_not_excuse_an_offer() -> None:
    message = "Local SEO for physiotherapy and acupuncture clinics that treat back pain"
    assert judged(message=message).is_suspected


def test_who_sells_for_a_living_may_be_a_patient() -> None:
    message = (
        "I do link building all day and my wrist, my neck and my back hurt. My GP says physio."
    )
    assert not judged(message=message).is_suspected


def test_weak_words_never_suffice_alone() -> None:
    weak = [each.phrase for each in entries("offers") if each.strength == "weak"]
    assert not judged(message=". ".join(weak[::40])).is_suspected


def test_reasons_count_links_in_words() -> None:
    message = " and ".join(f"http://{name}.example.com" for name in "abcde")
    words = [reason.words for reason in judged(message=message).reasons]
    assert "Five links in the message" in words


def test_reasons_never_quote_the_message() -> None:
    judgement = judged(message="Zebra backlinks http://zebra.example.top <b>zebra</b>")
    assert not any("zebra" in reason.words.lower() for reason in judgement.reasons)


def test_the_heaviest_reason_comes_first() -> None:
    judgement = judged(message="Local SEO at http://one.example.com", seconds_on_form=2.0)
    weights = [abs(reason.weight) for reason in judgement.reasons]
    assert weights == sorted(weights, reverse=True)


def test_the_score_is_the_sum_of_the_weights() -> None:
    judgement = judged(message="Casino http://one.example.com", seconds_on_form=2.0)
    assert judgement.score == pytest.approx(sum(each.weight for each in judgement.reasons))


def test_a_clinic_may_set_the_threshold() -> None:
    circumstances = replace(PLAIN, seconds_on_form=2.0)
    assert judge(circumstances, Limits(threshold=2.0)).is_suspected


def test_a_clinic_may_set_how_many_come_from_one_network() -> None:
    circumstances = replace(PLAIN, from_same_network=10)
    assert not keys(judge(circumstances, Limits(per_network_per_hour=50)))


def test_spam_after_a_long_beginning_is_found() -> None:
    assert judged(message="hello " * 7000 + "We sell backlinks").is_suspected


@pytest.mark.parametrize("name", ["offers", "patients"])
def test_no_phrase_stands_in_a_list_twice(name: str) -> None:
    phrases = [each.phrase for each in entries(name)]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("name", ["offers", "patients"])
def test_every_phrase_of_a_list_is_text(name: str) -> None:
    # "- # per day" is a comment to YAML, and "- no" is no text.
    assert not [each.phrase for each in entries(name) if each.phrase in ("None", "True", "False")]


def test_every_kind_of_offer_has_words_for_staff() -> None:
    assert {each.kind for each in entries("offers")} == kinds("offers").keys()


def test_endings_of_addresses_are_in_lower_case() -> None:
    assert all(each == each.lower() for each in domains("cheap_endings"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ranking higher now", ["rank"]),
        ("top of the google page", ["top"]),
        ("earn 500 a day", ["earn"]),
        ("我要网站优化吗", ["site"]),
        ("nothing of it", []),
        ("ranking", []),
    ],
)
def test_phrases_are_found_with_endings_gaps_and_numbers(text: str, found: list[str]) -> None:
    phrases = Phrases(
        [("rank* higher", "rank"), ("top of ~ google", "top"), ("earn 1 a day", "earn"),
         ("网站优化", "site")]
    )  # fmt: skip
    assert phrases.find(["#" if word.isdigit() else word for word in _split(text)]) == found


def _split(text: str) -> list[str]:
    return text.split() if text.isascii() else list(text)


LETTER = "Hello there, we would like to tell you about our new chairs for the waiting room"


@pytest.mark.parametrize(
    "other",
    [
        LETTER.upper(),
        LETTER.replace(" ", "  \n"),
        LETTER.replace(",", "!!") + " 2026 :-)",
        LETTER.replace("e", "\u0435").replace("o", "\u043e"),
        LETTER.replace("i", "i\u200b"),
    ],
)
def test_nearly_the_same_text_has_the_same_fingerprint(other: str) -> None:
    assert text_fingerprint(other) == text_fingerprint(LETTER)


def test_only_the_host_of_a_link_counts_in_a_fingerprint() -> None:
    one, two = (f"{LETTER} https://chairs.example.com/{path}" for path in ("a?x=1", "b/c"))
    assert text_fingerprint(one) == text_fingerprint(two)


def test_another_text_has_another_fingerprint() -> None:
    assert text_fingerprint(LETTER) != text_fingerprint(LETTER.replace("chairs", "lamps"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "appointment?",
        "I would like to book an appointment",
        "我想预约针灸",
        "12 34 " * 50,
    ],
)
def test_a_short_text_is_nobodys_repeat(text: str) -> None:
    assert text_fingerprint(text) == ""


def test_a_text_without_spaces_can_be_long_enough() -> None:
    assert text_fingerprint("您好，我们是一家专业的公司，为您提供各种各样的服务，请联系我们") != ""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        (" 192.0.2.77 ", "192.0.2.0/24"),
        ("2001:db8:1:2ff::9", "2001:db8:1:200::/56"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", ""),
        ("unknown", ""),
        ("192.0.2.300", ""),
    ],
)
def test_the_network_of_an_address(address: str, expected: str) -> None:
    assert network(address) == expected


# Words that the checks look for, so that what Hypothesis makes up reaches into them.
ODD_TEXT = st.one_of(
    st.text(max_size=300),
    st.lists(
        st.sampled_from(
            ["<a ", "href=", "http://", "www.", ".com", "@", "[url", "seo", "rank", "网站",
             "\u200b", "\u0430b\u0435c", "ﷺ", "A", "b", " ", "\n", "'", " or 1=", "../", "١٢",
             "my knee"]
        ),
        max_size=80,
    ).map("".join),
)  # fmt: skip


@UNHURRIED
@given(
    answers=st.fixed_dictionaries(
        dict.fromkeys(("full_name", "email", "telephone", "message", "honeypot"), ODD_TEXT)
    ),
    seconds=st.none() | st.floats(),
    counts=st.tuples(st.integers(), st.integers()),
)
def test_anything_at_all_is_judged(
    answers: dict[str, str], seconds: float | None, counts: tuple[int, int]
) -> None:
    judgement = judged(
        **answers, seconds_on_form=seconds, from_same_network=counts[0], same_text=counts[1]
    )
    assert judgement.score >= 0


@UNHURRIED
@given(text=ODD_TEXT)
def test_any_text_has_a_fingerprint_that_stays(text: str) -> None:
    assert text_fingerprint(text) == text_fingerprint(text)


@UNHURRIED
@given(address=st.text(max_size=60))
def test_any_text_has_a_network_or_none(address: str) -> None:
    assert network(address) == "" or "/" in network(address)


@pytest.mark.parametrize(
    "piece", ["<a ", "a.", ".a", "http://a.com ", "' or ", "A1b", "关", "ﷺ", "-"]
)
def test_a_hostile_long_text_is_judged(piece: str) -> None:
    # Not timed: a pattern that takes more than linear time would not come back at all.
    assert judged(message=(piece * 40_000)[:40_000]).score >= 0
