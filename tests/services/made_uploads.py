"""Uploads as tests send them: a case, files received and read, and the import that ends an upload."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tallyproof.services import cases, receiving, uploading
from tallyproof.services.access import Actor
from tallyproof.services.uploading import Upload
from tallyproof.services.workspace import Workspace

CASE = "demo-2024"
Send = Callable[..., Upload]


@pytest.fixture
def case(workspace: Workspace, clerk: Actor) -> str:
    cases.open_case(workspace, clerk, CASE)
    return CASE


@pytest.fixture
def send(workspace: Workspace, clerk: Actor, case: str) -> Send:
    """Uploads files as (name, content) and waits until they are read."""

    def make(*files: tuple[str, bytes | str], actor: Actor = clerk, draft: str = "") -> Upload:
        draft = draft or receiving.begin(workspace, actor, case).id
        for name, content in files:
            given = content.encode() if isinstance(content, str) else content
            receiving.receive(workspace, actor, case, draft, name, [given[:7], given[7:]])
        uploading.read(workspace, actor, case, draft, patience=30)
        return uploading.look(workspace, actor, case, draft)

    return make


def finish(workspace: Workspace, actor: Actor, upload: Upload) -> Upload:
    return uploading.import_upload(workspace, actor, CASE, upload.draft.id, patience=30)
