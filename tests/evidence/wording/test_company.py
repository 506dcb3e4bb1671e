"""What counts because of what it stands beside, above or below: prices, stars, stated limits."""

import pytest

from evidence.wording import ClinicRule, ClinicSet, check_text


def rules(text, **options):
    return {finding.rule_id: finding.severity for finding in check_text(text, **options)}


def of_rule(rule, text, **options):
    return [found.text for found in check_text(text, **options) if found.rule_id == rule]


# --- a price or an offer beside a promise ---------------------------------------------------------

PROMISE = "Physiotherapy can help back pain."


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        ("A visit costs £40.", "costs £40"),
        ("Now half price!", "half price"),
        ("Your first session is free of charge.", "free of charge"),
        ("We have a discount in June.", "discount"),
        ("Book now and save.", "Book now and save"),
        ("Special offer.", "Special offer"),
        ("20% off until Friday.", "20% off"),
        ("Two for one.", "Two for one"),
        ("Book a free 15-minute chat.", "free 15-minute chat"),
        ("The first session is free.", "session is free"),
        ("Three visits for the price of two.", "for the price of"),
    ],
)
def test_an_offer_beside_a_promise_is_a_warning(offer, words):
    for text in (f"{PROMISE} {offer}", f"{offer} {PROMISE}"):
        assert of_rule("price-beside-promise", text) == [words]
        assert rules(text)["price-beside-promise"] == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "A visit costs £40. It takes half an hour.",
        f"{PROMISE} It takes half an hour. A visit costs £40.",
        f"{PROMISE}\n\nA visit costs £40.",
        f"- {PROMISE}\n- A visit costs £40.",
        "## Physiotherapy for back pain\n\n- First visit: £60\n- Later visits: £45",
        f"## Fees\n\n{PROMISE}\n\n| Visit | Price |\n|---|---|\n| First | £40 |",
        "Does physiotherapy help back pain? A visit costs £40.",
        "There is no evidence that acupuncture helps fibromyalgia. A visit costs £40.",
        f"{PROMISE} Feel free to bring a friend.",
        f"{PROMISE} We offer you a chair.",
        f"{PROMISE} The NHS offers classes free of charge.",
        f"{PROMISE} Walking is free, and so is parking.",
        f"{PROMISE} We give no discounts.",
        f"{PROMISE} You may have lost 10 pounds of weight.",
    ],
)
def test_a_price_elsewhere_and_words_like_one_are_fair(text):
    assert of_rule("price-beside-promise", text) == []


def test_a_clinic_s_own_word_is_no_promise_whatever_its_kind():
    own = ClinicRule("clinic-1", ("visit",), kind="cure", severity="error", reason="Say so.")
    found = check_text("A visit costs £40.", clinic=ClinicSet(rules=(own,)))
    assert [finding.rule_id for finding in found] == ["clinic-1"]


# --- stars and pictures ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("★★★★★ My knee pain is gone.", "★★★★★"),
        ("⭐️⭐️⭐️⭐️⭐️ for sciatica", "⭐️⭐️⭐️⭐️⭐️"),
        ("Five stars. It helped with migraine.", "Five stars"),
        ("People with neck pain rated us 4.9 out of 5.", "rated us 4.9 out of 5"),
        ("## Back pain\n\nWe have 5 stars.", "5 stars"),
        ("A 5-star recovery.", "5-star"),
    ],
)
def test_stars_beside_a_condition_or_an_outcome_are_a_testimonial(text, words):
    assert of_rule("testimonial-stars", text) == [words]
    assert rules(text)["testimonial-stars"] == "error"


@pytest.mark.parametrize(
    "text",
    [
        "★★★★★ Kind and punctual.",
        "## Our service\n\nRated 4.9 out of 5.",
        "## Back pain\n\nIt is common.\n\n## Our service\n\nRated 4.9 out of 5.",
        "People who marked their pain 4 out of 5 could take part.",
        "4 out of 5 people with back pain feel better within weeks.",
        "Do ten star jumps if your back pain allows it.",
    ],
)
def test_stars_for_a_service_and_other_numbers_are_fair(text):
    assert of_rule("testimonial-stars", text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![A shoulder before and after treatment](image:4)", "before and after"),
        ('![A shoulder](image:4 "Before/after six visits")', "Before/after"),
        ("![A shoulder](/media/jane-before-after.jpg)", "before-after"),
        ('<img src="/media/before_and_after.jpg" alt="A shoulder">', "before_and_after"),
        ("Before and after: a shoulder", "Before and after:"),
    ],
)
def test_pictures_from_before_and_after_are_a_testimonial(text, words):
    (found,) = check_text(text, format="html" if text.startswith("<") else "markdown")
    assert (found.kind, found.severity, found.text) == ("testimonial", "error", words)


@pytest.mark.parametrize("role", ["alt", "caption"])
def test_a_picture_s_words_that_stand_by_themselves_are_judged_as_such(role):
    text = "A shoulder before and after six visits"
    assert rules(text) == {}
    assert rules(text, role=role) == {"testimonial-picture": "error"}
    assert rules(f"---\n{role}: {text}\n---\n") == {"testimonial-picture": "error"}
    assert rules(f"---\nimages:\n  - {{{role}: {text}}}\n---\n") == {"testimonial-picture": "error"}


@pytest.mark.parametrize(
    "text",
    [
        "![The clinic before and after painting](/media/clinic.jpg)",
        "Drink water before and after your visit.",
        "Wash your hands before and after.",
        "![A couch](/media/best-cure-proven-arthritis.jpg)",
        '<img src="data:image/png;base64,before-after" alt="A couch">',
        '<script src="/static/before-after.js"></script>',
    ],
)
def test_other_pictures_and_their_file_names_are_fair(text):
    assert check_text(text, format="html" if text.startswith("<") else "markdown") == []


# --- superlatives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The best treatment for migraine.",
        "The most effective relief of back pain.",
        "We get the best outcomes in Kent.",
        "Nothing works better for a stiff neck.",
        "The number one remedy for knee pain.",
        "Acupuncture is the best way to ease neck pain.",
        "Nothing beats our needles for a stiff neck.",
    ],
)
def test_a_superlative_about_health_is_an_error(text):
    assert rules(text)["superlative-outcome"] == "error"


@pytest.mark.parametrize(
    "text",
    [
        "The best physiotherapists in Kent.",
        "Kent's leading clinic.",
        "We are the No. 1 clinic in town.",
        "For back pain, the best treatment is to keep moving.",
        "Nothing beats a good night's sleep when you have a migraine.",
        "The best treatment for neck pain was exercise [@ng59].",
    ],
)
def test_any_other_superlative_stays_a_warning(text):
    assert rules(text) == {"superlative": "warning"}


@pytest.mark.parametrize(
    "text",
    [
        "What is the best treatment for back pain?",
        "There is no single best treatment for neck pain.",
        "The best evidence is for exercise in back pain.",
        "In that trial the most effective treatment of back pain was exercise.",
    ],
)
def test_questions_denials_and_reports_of_what_is_best_are_fair(text):
    assert not rules(text).keys() & {"superlative", "superlative-outcome"}


# --- limits stated apart from the claim -----------------------------------------------------------

NECK = "Acupuncture may relieve neck pain."
BACK = "Acupuncture may give short-term relief of back pain."
SHORT = "Any relief from acupuncture is short-term."
CHRONIC = "Here back pain means chronic low back pain, and relief is short-term."
ALONGSIDE = "We only use acupuncture alongside exercise, and relief is short-term."


@pytest.mark.parametrize(
    "text",
    [
        f"{SHORT}\n\n{NECK}",
        f"# Needles\n\n{SHORT}\n\n## Necks\n\n{NECK}\n\n## More\n\n{NECK}",
        f"# Needles\n\nWords.\n\n## Necks\n\nHello. {SHORT}\n\nMore words.\n\n{NECK}",
        f"{SHORT}\n\nAcupuncture may help with:\n\n- neck pain\n- migraine",
        f"{CHRONIC}\n\nAcupuncture may ease back pain.",
        f"{ALONGSIDE}\n\nAcupuncture may ease knee osteoarthritis.",
    ],
)
def test_limits_right_under_the_heading_are_the_claim_s_own(text):
    assert check_text(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"# Needles\n\n{NECK}\n\n{SHORT}",
        f"# Needles\n\nWords.\n\nMore.\n\n{SHORT}\n\n{NECK}",
        f"# Needles\n\nWords.\n\n## One\n\n{SHORT}\n\n## Two\n\n{NECK}",
    ],
)
def test_limits_anywhere_else_keep_a_warning(text):
    assert rules(text) == {"claim-scope": "warning"}


@pytest.mark.parametrize(
    "text",
    [
        f"{NECK}\n\nRelief is not short-term.",
        f"Is relief short-term?\n\n{NECK}",
        f"We are closed for a short time.\n\n{NECK}",
        f"Acupuncture may give short-term relief of migraine.\n\n{NECK}",
        f"We offer ongoing acupuncture.\n\n{BACK}",
        f"{SHORT}\n\nAcupuncture may give lasting relief of neck pain and prevents migraine.",
    ],
)
def test_what_states_no_limit_of_this_claim_does_not_help_it(text):
    assert rules(text)["claim-scope"] == "error"


def test_no_stated_limit_makes_another_condition_acceptable():
    assert rules(f"{SHORT}\n\nAcupuncture may ease asthma.") == {"claim-unsupported": "error"}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"What needles do. {SHORT}\nOverview.\n\n{NECK}", {}),
        (f"What needles do.\n{SHORT}\n\n{NECK}", {}),
        (f"What needles do.\nOverview.\n\n{NECK}\n\n{SHORT}", {"claim-scope": "warning"}),
        (f"What needles do.\nOverview.\n\n{NECK}", {"claim-scope": "error"}),
    ],
)
def test_limits_in_another_part_of_the_page_count_by_their_place(page, expected):
    assert rules(NECK, page=page) == expected
