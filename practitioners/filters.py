"""Narrows the list of practitioners by what a patient can choose, and counts every choice.

A choice is a query parameter with the slug or name of one option. Choices combine: somebody must
fit all of them. The count beside an option says how many would be left with it chosen and the
other choices kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from clinic.models import Weekday
from conditions.models import Condition
from practitioners.models import Practitioner
from treatments.models import Treatment


@dataclass(frozen=True)
class Option:
    """One choice of a filter."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A question a patient can narrow the list by."""

    name: str
    label: str
    any_label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.is_chosen), None)


# What somebody fits: the value and the label of each option.
Options = dict[str, str]
Values = Callable[[Sequence[Practitioner]], dict[int, Options]]


def _each(options_of: Callable[[Practitioner], Options]) -> Values:
    return lambda people: {person.pk: options_of(person) for person in people}


def _conditions(people: Sequence[Practitioner]) -> dict[int, Options]:
    """Return whom to ask about which condition, as the pages of the conditions say.

    Advertising rules keep some conditions off every person's own list. Then those are asked who
    give a treatment that is named for the condition.
    """
    fits = {
        person.pk: {each.slug: each.name for each in person.conditions.all()} for person in people
    }
    listed = {slug for options in fits.values() for slug in options}
    for person in people:
        for treatment in person.treatments.all():
            for condition in treatment.conditions.all():
                if condition.slug not in listed:
                    fits[person.pk][condition.slug] = condition.name
    return fits


# Name of the parameter, label, what no choice is called, and the options somebody fits.
_QUESTIONS: tuple[tuple[str, str, str, Values], ...] = (
    (
        "condition",
        "Condition",
        "Any condition",
        _conditions,
    ),
    (
        "treatment",
        "Treatment",
        "Any treatment",
        _each(lambda person: {each.slug: each.name for each in person.treatments.all()}),
    ),
    (
        "day",
        "Day",
        "Any day",
        _each(
            lambda person: {
                Weekday(each.weekday).name.lower(): Weekday(each.weekday).label
                for each in person.working_days.all()
            }
        ),
    ),
    (
        "language",
        "Language",
        "Any language",
        _each(lambda person: {each.name.lower(): each.name for each in person.languages.all()}),
    ),
    (
        "new-patients",
        "New patients",
        "Everyone",
        _each(lambda person: {"yes": "Taking new patients"} if person.taking_new_patients else {}),
    ),
)


def listed_practitioners() -> list[Practitioner]:
    """Return everyone listed, with all that the filters ask, in a constant number of queries."""
    conditions = Condition.objects.published().only("slug", "name", "order")
    treatments = Treatment.objects.published().prefetch_related(
        Prefetch("conditions", queryset=conditions)
    )
    return list(
        Practitioner.objects.listed()
        .select_related("photo")
        .prefetch_related(
            "registrations",
            "working_days",
            "languages",
            Prefetch("treatments", queryset=treatments),
            Prefetch("conditions", queryset=conditions),
        )
    )


def narrow(
    people: Sequence[Practitioner], parameters: Mapping[str, str]
) -> tuple[list[Practitioner], list[Filter]]:
    """Return who fits every choice in the parameters, and the filters with their counts."""
    chosen = {name: parameters.get(name, "").strip().lower() for name, *_ in _QUESTIONS}
    fits = {name: values(people) for name, _, _, values in _QUESTIONS}

    def matches(person: Practitioner, *, leaving_out: str = "") -> bool:
        return all(
            not value or name == leaving_out or value in fits[name][person.pk]
            for name, value in chosen.items()
        )

    filters = []
    for name, label, any_label, _ in _QUESTIONS:
        pool = [person for person in people if matches(person, leaving_out=name)]
        labels: dict[str, str] = {}
        for person in people:
            labels |= fits[name][person.pk]
        options = tuple(
            Option(
                value,
                labels[value],
                sum(value in fits[name][person.pk] for person in pool),
                value == chosen[name],
            )
            for value in _in_order(name, labels)
        )
        filters.append(Filter(name, label, any_label, options))
    return [person for person in people if matches(person)], filters


def _in_order(name: str, labels: Mapping[str, str]) -> list[str]:
    if name == "day":
        return [day.name.lower() for day in Weekday if day.name.lower() in labels]
    return sorted(labels, key=lambda value: labels[value].lower())
