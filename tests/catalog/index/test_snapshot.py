"""Tests of the catalogue's snapshot in S3: exact where it is good, and nothing at all where it is not."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from botocore.exceptions import ClientError

from catalog.index import snapshot, snapshot_file, snapshot_store, stored_file
from catalog.index.snapshot import GOOD_FOR, Snapshot
from common import config, media
from common.media import PRIVATE
from common.repositories.catalogue_changes import new_mark
from tests.support.races import just_before
from tests.support.snapshots import snapshot_bucket, snapshot_of, stored_keys, stored_object

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def bucket(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with snapshot_bucket(monkeypatch) as name:
        yield name


def now() -> datetime:
    """The time as a snapshot keeps it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def key() -> str:
    return f"{snapshot_store.FOLDER}{config.table_name()}/{snapshot.NAME}"


def put(data: bytes) -> None:
    media.get_client().put_object(Bucket=config.bucket_name(), Key=key(), Body=data)


def saved(made: Snapshot) -> bytes:
    """The file of a snapshot that was stored."""
    assert snapshot.save(made, snapshot.previous(now())[1])
    data: bytes = stored_object(key())["data"]
    return data


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.__dict__["reason"] for record in caplog.records if "reason" in record.__dict__]


@pytest.mark.parametrize("generation", [None, f"{datetime(2026, 1, 1, tzinfo=UTC).isoformat()}#0123456789ab"])
def test_what_was_saved_is_loaded(generation: str | None) -> None:
    made = snapshot_of(50, now(), generation, texts=b"words")
    saved(made)
    loaded = snapshot.load()
    assert loaded is not None
    assert (loaded.generation, loaded.read_at, loaded.texts) == (generation, made.read_at, b"words")
    assert loaded.rows == made.rows
    assert dict(loaded.documents) == dict(made.documents)


def test_documents_that_are_a_plain_map_are_saved_as_well() -> None:
    saved(Snapshot(None, now(), [], {7: b'{"id":7}'}))
    loaded = snapshot.load()
    assert loaded is not None
    assert dict(loaded.documents) == {7: b'{"id":7}'}


def test_it_lies_where_no_address_leads_under_the_name_of_its_table() -> None:
    saved(snapshot_of(1, now()))
    assert stored_keys() == [key()]
    assert key().startswith(f"{PRIVATE}catalogue/{config.table_name()}/")
    assert not key().startswith(media.FOLDERS)
    assert stored_object(key())["CacheControl"] == "no-store"


def test_each_table_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    saved(snapshot_of(1, now()))
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "another")
    assert snapshot.load() is None
    assert snapshot.save(snapshot_of(2, now()), None)
    assert len(stored_keys()) == 2


def test_loading_is_one_read_of_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    saved(snapshot_of(20, now()))
    asked: list[str] = []
    client = snapshot_store._reader()
    client.meta.events.register("before-send.s3", lambda request, **_: asked.append(request.method))
    assert snapshot.load() is not None
    assert asked == ["GET"]


@pytest.mark.parametrize("setting", ["off", ""])
def test_without_a_bucket_or_where_it_is_off_s3_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, setting: str, caplog: pytest.LogCaptureFixture
) -> None:
    saved(snapshot_of(1, now()))
    monkeypatch.setenv("CATALOGUE_SNAPSHOT", setting)
    if not setting:
        monkeypatch.delenv("S3_BUCKET_NAME")
    snapshot_store.reset_clients()
    assert snapshot.load() is None
    assert snapshot_store._reader.cache_info().currsize == 0
    assert not caplog.records


def test_without_one_there_is_none(caplog: pytest.LogCaptureFixture) -> None:
    assert snapshot.load() is None
    assert reasons(caplog) == ["there is none"]


def test_one_that_ends_early_is_none_wherever_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    whole = saved(snapshot_of(30, now()))
    ends = [*range(90), *range(90, len(whole), 41), len(whole) - 1]
    for end in ends:
        with pytest.raises(stored_file.Unusable):
            snapshot_file.read(whole[:end], config.table_name())
    put(whole[:-1])
    assert snapshot.load() is None
    assert reasons(caplog) == ["damaged"]


def test_one_with_a_byte_too_many_or_another_byte_is_none() -> None:
    whole = saved(snapshot_of(30, now()))
    for place in range(0, len(whole), 17):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        with pytest.raises(stored_file.Unusable):
            snapshot_file.read(bytes(damaged), config.table_name())
    with pytest.raises(stored_file.Unusable):
        snapshot_file.read(whole + b"\0", config.table_name())


def test_one_whose_hash_is_right_and_whose_contents_are_not_is_none(caplog: pytest.LogCaptureFixture) -> None:
    body = b"\x02\0\0\0{}"
    put(stored_file._BEGINS + sha256(body).digest() + body)
    assert snapshot.load() is None
    assert reasons(caplog) == ["unreadable"]


def test_one_of_another_format_is_none(caplog: pytest.LogCaptureFixture) -> None:
    whole = saved(snapshot_of(3, now()))
    put(whole.replace(stored_file._BEGINS, b"artshop catalogue 999\n", 1))
    assert snapshot.load() is None
    assert reasons(caplog) == ["another format"]


def test_one_of_another_table_is_none_though_it_lies_in_this_ones_place(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = saved(snapshot_of(3, now()))
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "another")
    put(whole)
    assert snapshot.load() is None
    assert reasons(caplog) == ["another table"]


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (timedelta(minutes=-9), None),
        (timedelta(minutes=-11), "of the future"),
        (GOOD_FOR, None),
        (2 * GOOD_FOR + SECOND, "too old; its job does not run"),
    ],
)
def test_one_of_the_future_or_of_a_job_that_stands_still_is_none(
    age: timedelta, reason: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    saved(snapshot_of(3, now() - age))
    assert (snapshot.load() is None) == (reason is not None)
    assert reasons(caplog) == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("began", "read", "is_good"),
    [
        # Minutes ago. All that a generation brought can be seen a quarter of an hour after it began.
        (60, 44, True),
        (60, 46, False),
        (10, 5, True),
    ],
)
def test_one_that_was_read_before_all_of_its_generation_could_be_seen_is_good_only_as_long(
    began: int, read: int, is_good: bool
) -> None:
    generation = new_mark(now() - timedelta(minutes=began))
    saved(snapshot_of(3, now() - timedelta(minutes=read), generation))
    assert (snapshot.load() is not None) == is_good


def test_a_run_that_was_held_up_replaces_nothing_newer() -> None:
    saved(snapshot_of(1, now() - timedelta(minutes=10)))
    _, tag = snapshot.previous(now())
    newer = snapshot_of(3, now())
    with just_before(
        "catalog.index.snapshot.put", lambda: snapshot_store.put(snapshot.NAME, _file(newer), tag)
    ):
        assert snapshot.save(snapshot_of(2, now() - timedelta(minutes=5)), tag) == 0
    loaded = snapshot.load()
    assert loaded is not None
    assert len(loaded.rows) == 3


def test_of_two_first_runs_one_is_overtaken() -> None:
    newer = snapshot_of(3, now())
    with just_before(
        "catalog.index.snapshot.put", lambda: snapshot_store.put(snapshot.NAME, _file(newer), None)
    ):
        assert snapshot.save(snapshot_of(2, now() - SECOND), None) == 0
    loaded = snapshot.load()
    assert loaded is not None
    assert len(loaded.rows) == 3


def _file(made: Snapshot) -> bytes:
    return snapshot_file.write(made, config.table_name())


def test_what_cannot_be_used_is_replaced_all_the_same() -> None:
    put(b"rubbish")
    found, tag = snapshot.previous(now())
    assert found is None
    assert snapshot.save(snapshot_of(2, now()), tag)
    assert snapshot.load() is not None


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchBucket", "SlowDown", "InvalidAccessKeyId"])
def test_a_refusal_of_s3_is_no_snapshot_and_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "GetObject")

    monkeypatch.setattr(snapshot_store._reader(), "get_object", refuse)
    assert snapshot.load() is None
    assert len(reasons(caplog)) == 1


def test_no_credentials_are_no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    snapshot_store.reset_clients()
    assert snapshot.load() is None


class Hanging(BaseHTTPRequestHandler):
    """Takes a request and never answers it, or only half."""

    begins = b""
    over = Event()

    def do_GET(self) -> None:
        self.wfile.write(self.begins)
        self.over.wait(20)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    "begins", [b"", b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\nETag: "1"\r\n\r\nartshop catalogue']
)
def test_s3_that_does_not_answer_or_stops_in_the_middle_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, begins: bytes
) -> None:
    over = Event()
    handler = type("Handler", (Hanging,), {"begins": begins, "over": over})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(snapshot_store, "_READ_S", 0.2)
    snapshot_store.reset_clients()
    began = time.monotonic()
    assert snapshot.load() is None
    assert time.monotonic() - began < 10
    over.set()
    server.shutdown()
    server.server_close()


def test_where_nobody_listens_there_is_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    snapshot_store.reset_clients()
    assert snapshot.load() is None
    assert len([record for record in caplog.records if "snapshot" in record.message]) == 1
