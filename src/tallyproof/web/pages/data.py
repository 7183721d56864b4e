"""Data files of a case, with a validator so that nobody fetches again what has not changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tallyproof.services import datafiles, pages
from tallyproof.services.access import Actor
from tallyproof.web.access import READERS, open_to
from tallyproof.web.asked import as_of
from tallyproof.web.attached import file_name
from tallyproof.web.carried import workspace_of


@open_to(READERS)
def data(request: HttpRequest, actor: Actor, case: str, file: str) -> HttpResponse:
    """One data file; 304 without a body where the asker has it as it stands."""
    workspace, moment = workspace_of(request), as_of(request)
    tag = datafiles.etag(pages.look(workspace, actor, case, moment))
    if _has(request.headers.get("If-None-Match", ""), tag):
        return _with(HttpResponse(status=304), tag)
    body = datafiles.data_file(workspace, actor, case, file, moment, request.GET.get("q", "").strip())
    kind = datafiles.KINDS[file.rpartition(".")[2]]
    answer = _with(HttpResponse(body, content_type=kind), tag)
    if not file.endswith(".json"):
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(case, file)}"'
    return answer


def _has(stated: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; weak ones count too, as RFC 9110 has it for reading."""
    given = {each.strip().removeprefix("W/") for each in stated.split(",")}
    return tag in given or "*" in given


def _with(answer: HttpResponse, tag: str) -> HttpResponse:
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer
