"""Files are kept whole under the SHA-256 of their bytes, wherever they lie."""

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyproof.errors import StoreError
from tallyproof.store import files
from tallyproof.store.files import FileStore

RETURNS = b"county,choice,votes\nOneida,Clinton,484\n"


@pytest.fixture(params=["folder", "file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """A store in a folder, in a folder by fsspec address, and in fsspec's memory."""
    addresses = {
        "folder": str(tmp_path / "store"),
        "file": (tmp_path / "store").as_uri(),
        "memory": f"memory://{uuid4().hex}",
    }
    return FileStore(addresses[request.param])


def test_what_is_put_comes_back(store: FileStore) -> None:
    """The name is the SHA-256, and the bytes are the same."""
    sha = store.put(RETURNS)
    assert sha == hashlib.sha256(RETURNS).hexdigest()
    with store.open(sha) as stream:
        assert stream.read() == RETURNS
    assert store.exists(sha) and store.verify(sha)


def test_bytes_a_path_and_a_stream_are_the_same_file(store: FileStore, tmp_path: Path) -> None:
    """However it came, it is kept once."""
    path = tmp_path / "returns.csv"
    path.write_bytes(RETURNS)
    assert store.put(path) == store.put(io.BytesIO(RETURNS)) == store.put(RETURNS)


@given(st.binary(max_size=40), st.integers(1, 8))
def test_the_size_of_a_piece_does_not_matter(data: bytes, piece: int) -> None:
    """Reading in pieces gives the SHA-256 of the whole."""
    store = FileStore("memory://pieces")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "PIECE", piece)
        sha = store.put(data)
    assert sha == hashlib.sha256(data).hexdigest()
    assert store.verify(sha)


def test_a_large_stream_is_never_held_whole(tmp_path: Path) -> None:
    """No read asks for more than one piece."""
    asked: list[int] = []

    class Stream(io.RawIOBase):
        left = 5

        def read(self, size: int = -1) -> bytes:
            asked.append(size)
            self.left -= 1
            return b"x" * size if self.left >= 0 else b""

    sha = FileStore(tmp_path).put(Stream())  # type: ignore[arg-type]
    assert set(asked) == {1024 * 1024}
    assert FileStore(tmp_path).verify(sha)


def test_altered_bytes_are_found_and_replaced_when_put_again(tmp_path: Path) -> None:
    """A copy that was altered on the disk does not verify; the right bytes mend it."""
    store = FileStore(tmp_path)
    sha = store.put(RETURNS)
    path = store.path(sha)
    assert path == tmp_path / "files" / sha[:2] / sha[2:]
    path.write_bytes(RETURNS.replace(b"484", b"44"))
    assert not store.verify(sha)
    assert store.put(RETURNS) == sha
    assert store.verify(sha)


def test_an_unaltered_file_is_not_written_twice(tmp_path: Path) -> None:
    """Putting it again leaves the file on the disk alone."""
    store = FileStore(tmp_path)
    sha = store.put(RETURNS)
    path = store.path(sha)
    assert path is not None
    before = path.stat()
    store.put(RETURNS)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_missing_file_is_said_to_be_missing(store: FileStore) -> None:
    """It does not exist, does not verify, has no path, and cannot be opened."""
    sha = "0" * 64
    assert not store.exists(sha) and not store.verify(sha) and store.path(sha) is None
    with pytest.raises(StoreError, match="There is no file with SHA-256 0000"):
        store.open(sha)


@pytest.mark.parametrize("sha", ["", "A" * 64, "../" * 21 + "x", "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_sha_is_refused(store: FileStore, sha: str) -> None:
    """So no name leads out of the store."""
    with pytest.raises(StoreError, match="not a SHA-256"):
        store.exists(sha)


class Broken(io.RawIOBase):
    """A stream that breaks after its first piece."""

    told = False

    def read(self, size: int = -1) -> bytes:
        if self.told:
            raise OSError(5, "Input/output error")
        self.told = True
        return b"half"


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    """Neither the half file nor a temporary one, and an older table of that name stays."""
    store = FileStore(tmp_path)
    store.put_named("returns.parquet", b"old")
    with pytest.raises(StoreError, match="Input/output error"):
        store.put(Broken())  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="Input/output error"):
        store.put_named("returns.parquet", Broken())  # type: ignore[arg-type]
    left = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert left == ["named/returns.parquet"]
    assert (tmp_path / "named" / "returns.parquet").read_bytes() == b"old"


def test_a_source_that_is_not_there_is_named(store: FileStore, tmp_path: Path) -> None:
    """The sentence names the file the user gave."""
    with pytest.raises(StoreError, match=r"missing\.csv cannot be read"):
        store.put(tmp_path / "missing.csv")


def test_derived_tables_are_replaced_and_removed_by_name(store: FileStore) -> None:
    """They can be built again, so they may go."""
    store.put_named("wi/returns-1.parquet", b"first")
    store.put_named("wi/returns-1.parquet", io.BytesIO(b"second"))
    with store.open_named("wi/returns-1.parquet") as stream:
        assert stream.read() == b"second"
    store.delete_named("wi/returns-1.parquet")
    store.delete_named("wi/returns-1.parquet")
    assert not store.exists_named("wi/returns-1.parquet")
    with pytest.raises(StoreError, match=r"There is no derived table wi/returns-1\.parquet"):
        store.open_named("wi/returns-1.parquet")


@pytest.mark.parametrize(
    "name", ["", "../files/ab", "/etc/passwd", "a//b", "a/../b", ".hidden", "a\\b", "a\n"]
)
def test_a_name_that_leads_elsewhere_is_refused(store: FileStore, name: str) -> None:
    """Names of derived tables stay within their folder."""
    with pytest.raises(StoreError, match="cannot name a table"):
        store.put_named(name, b"")


def test_only_files_on_this_machine_have_a_path(tmp_path: Path) -> None:
    """Programs that need a path get one only where there is one."""
    for address in (str(tmp_path), tmp_path.as_uri()):
        store = FileStore(address)
        store.put_named("t.parquet", b"x")
        assert store.path_named("t.parquet") == tmp_path / "named" / "t.parquet"
    elsewhere = FileStore("memory://elsewhere")
    elsewhere.put_named("t.parquet", b"x")
    assert elsewhere.path_named("t.parquet") is None


def test_an_unknown_kind_of_address_is_refused() -> None:
    """The sentence names the address."""
    with pytest.raises(StoreError, match="Files cannot be kept at carrier-pigeon://loft"):
        FileStore("carrier-pigeon://loft")


def test_a_plain_folder_does_not_import_fsspec() -> None:
    """The commonest store starts without the library it does not need."""
    program = (
        "import sys; from tallyproof.store.files import FileStore; "
        "FileStore('.').exists('0' * 64); print('fsspec' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.fixture(autouse=True)
def forget_memory() -> Iterator[None]:
    """Empty what fsspec keeps in memory."""
    yield
    import fsspec

    fsspec.filesystem("memory").store.clear()
