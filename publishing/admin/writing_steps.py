"""What the form of a page needs beside itself: keeping what is typed, and making two texts one."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import URLPattern, reverse
from django.utils import timezone

from publishing import snapshots, work, workflow
from publishing.admin.step_base import StepBase, acting
from publishing.comparing import readable
from publishing.merging import Difference, Merge, resolve
from publishing.models import Version
from publishing.models.editing import NEW

_MERGE_SALT = "publishing.merge"
_FINISHED = "finished_forms"
_FINISHED_KEPT = 20


class WritingSteps(StepBase):
    """Keeping what is typed, and merging what two people wrote."""

    def step_urls(self) -> list[URLPattern]:
        return [
            self._path("typed/", "new_work", self.work_view),
            self._path("<int:pk>/typed/", "work", self.work_view),
            self._path("<int:pk>/merge/", "merge", self.merge_view),
            *super().step_urls(),
        ]

    def work_view(self, request: HttpRequest, pk: int = NEW) -> HttpResponse:
        """Keep what somebody is typing, or, with `discard`, forget it."""
        page = self._page(request, pk) if pk != NEW else None
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not workflow.may(request.user, "change" if page else "add", self.model):
            raise PermissionDenied
        if "discard" in request.POST:
            work.discard(request.user, self.model, pk)
            back = self.step_url(page, "change") if page else reverse(f"admin:{self._name('add')}")
            return HttpResponseRedirect(back)
        if request.POST.get("form_key", "-") in request.session.get(_FINISHED, []):
            return JsonResponse({"kept_at": "", "colleagues": []})  # sent before the form was saved
        try:
            kept_at = work.keep(request.user, self.model, pk, work.pairs(request.POST))
        except work.TooLong:
            return JsonResponse({"problem": "This text is too long to be kept."}, status=413)
        return JsonResponse(
            {
                "kept_at": f"{timezone.localtime(kept_at):%H:%M}",
                "colleagues": [
                    f"{each.name}, since {timezone.localtime(each.since):%H:%M}"
                    for each in work.colleagues(request.user, self.model, pk)
                ],
            }
        )

    def finish_typing(self, request: HttpRequest, pk: int) -> None:
        """Forget what was typed, as it is saved, and take nothing more from the same form.

        A script may have sent text a moment before the form, and it may arrive a moment after.
        """
        finished = [*request.session.get(_FINISHED, []), request.POST.get("form_key", "")]
        request.session[_FINISHED] = finished[-_FINISHED_KEPT:]
        request.session.save()
        work.discard(request.user, self.model, pk)

    def merge_rows(self, merged: Merge) -> list[dict[str, Any]]:
        """Return what differs, place by place, for people to read and pick from."""
        names = snapshots.labels(self.model)
        return [
            {
                "place": each.place,
                "label": names.get(each.place, each.place),
                "kind": each.kind,
                "theirs": readable(each.theirs),
                "mine": readable(each.mine),
                "merged": readable(each.merged),
            }
            for each in merged.differences
        ]

    def sign_merge(self, merged: Merge, theirs: Version, told: dict[str, str]) -> str:
        """Return the merged text for a hidden field that nobody can change on the way."""
        kept = {
            "data": merged.data,
            "collisions": [asdict(each) for each in merged.collisions],
            "theirs": theirs.pk,
            "told": told,
        }
        return signing.dumps(kept, salt=_MERGE_SALT, compress=True)

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the text that the editor made of two."""
        page = self._page(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self.step_url(page, "change"))
        try:
            kept = signing.loads(request.POST.get("kept", ""), salt=_MERGE_SALT)
        except signing.BadSignature:
            messages.error(request, "Your text is below, as you typed it. Save it again.")
            return HttpResponseRedirect(self.step_url(page, "change"))
        return self._save_merge(request, page, kept)

    def _save_merge(self, request: HttpRequest, page: Any, kept: dict[str, Any]) -> HttpResponse:
        merged = Merge(kept["data"], [Difference(**each) for each in kept["collisions"]])
        places = [each.place for each in merged.collisions]
        picks = {place: request.POST.get(f"pick-{place}", "") for place in places}
        undecided = [place for place, pick in picks.items() if pick not in {"mine", "theirs"}]
        if undecided:
            names = snapshots.labels(self.model)
            told = ", ".join(names.get(each, each) for each in undecided)
            messages.error(
                request, f"Pick one of the two texts for: {told}. Your text is below; save again."
            )
            return HttpResponseRedirect(self.step_url(page, "change"))
        data = resolve(merged, picks)
        told = kept["told"] | {"is_minor": bool(kept["told"]["is_minor"])}
        theirs = Version.objects.get(pk=kept["theirs"])
        try:
            version = workflow.save_draft(page, data, acting(request), after=theirs, **told)
        except workflow.NewerVersion:
            messages.error(request, "Somebody saved again. Your text is below; save it once more.")
            return HttpResponseRedirect(self.step_url(page, "change"))
        except workflow.Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(self.step_url(page, "change"))
        work.discard(request.user, self.model, page.pk)
        messages.success(request, f"Both texts are one now: version {version.number}.")
        return HttpResponseRedirect(self.step_url(page, "status"))
