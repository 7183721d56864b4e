"""Addresses of the pages. Whatever is no case lies under ``/-/``, which cannot name one."""

from __future__ import annotations

from django.urls import path

from tallyproof.web.pages import (
    api,
    assets,
    cards,
    checks,
    components,
    contest,
    count,
    data,
    finding,
    front,
    imports,
    new_case,
    option_papers,
    options,
    people,
    plan,
    record,
    reply,
    search,
    sign_in,
    transfer,
    undo,
    unit,
    uploads,
)

handler400 = "tallyproof.web.faults.bad_request"
handler403 = "tallyproof.web.faults.forbidden"
handler404 = "tallyproof.web.faults.not_found"
handler500 = "tallyproof.web.faults.failed"

urlpatterns = [
    path("", front.cases, name="cases"),
    path("solve", api.solve, name="solve"),
    path("openapi.json", api.description, name="openapi"),
    path("-/sign-in/", sign_in.sign_in, name="sign-in"),
    path("-/sign-out/", sign_in.sign_out, name="sign-out"),
    path("-/password/", sign_in.password, name="password"),
    path("-/new-case/", new_case.new_case, name="new-case"),
    path("-/people/", people.people, name="people"),
    path("-/people/<str:account_id>/", people.person, name="person"),
    path("-/components/", components.components, name="components"),
    path("-/plan/", plan.plan, name="plan"),
    path("-/<str:name>", assets.asset, name="asset"),
    path("<str:case>/", count.count, name="count"),
    path("<str:case>/contests/<str:contest>/", contest.contest, name="contest"),
    path(
        "<str:case>/contests/<str:contest>/changes/<int:before>-<int:after>/", contest.changes, name="changes"
    ),
    path("<str:case>/checks/", checks.checks, name="checks"),
    path("<str:case>/findings/<path:finding_id>/", finding.finding, name="finding"),
    path("<str:case>/options/", options.options, name="options"),
    path("<str:case>/options/<str:contest>/", options.option, name="option"),
    path("<str:case>/options/<str:contest>/deadlines.ics", option_papers.deadlines, name="deadlines"),
    path("<str:case>/options/<str:contest>/memo.pdf", option_papers.memo, name="memo"),
    path("<str:case>/cards/", cards.cards, name="cards"),
    path("<str:case>/cards/batches/", cards.batches, name="card-batches"),
    path("<str:case>/units/", unit.units, name="units"),
    path("<str:case>/units/<path:place>/", unit.unit, name="unit"),
    path("<str:case>/search/", search.search, name="search"),
    path("<str:case>/data/<path:file>", data.data, name="data"),
    path("<str:case>/record/", record.record, name="record"),
    path("<str:case>/imports/<int:sequence>/", imports.imported, name="import"),
    path("<str:case>/imports/<int:sequence>/undo/", undo.undo, name="undo"),
    path("<str:case>/upload/", uploads.uploads, name="uploads"),
    path("<str:case>/upload/<str:draft>/", uploads.upload, name="upload"),
    path("<str:case>/upload/<str:draft>/<int:number>/rejected/", uploads.rejected, name="upload-rejected"),
    path("<str:case>/upload/<str:draft>/files/", transfer.announce, name="announce"),
    path("<str:case>/upload/<str:draft>/files/<int:number>/", transfer.transfer, name="transfer"),
    path("<str:case>/replies/<path:finding_id>/", reply.reply, name="reply"),
]
