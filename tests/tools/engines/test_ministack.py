"""The embedded engine as a process: what outlives a stop, a killed starter and a killed engine."""

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.programs import program
from tools.engines.ministack import (
    KEYS,
    EngineFailed,
    MiniStack,
    answers,
    end_leftover,
    engine_environment,
    free_port,
    running_pid,
)

TABLE = "engine-test"
ABANDON = """
import os, sys
from pathlib import Path
from tools.engines.ministack import MiniStack
from tests.tools.engines.test_ministack import create_table, put
engine = MiniStack(Path(sys.argv[1]), int(sys.argv[2]))
engine.start()
create_table(engine)
put(engine, "written just before")
print("abandoned", flush=True)
os.kill(os.getpid(), 9)
"""


def client(engine: MiniStack, service: str = "dynamodb", **config: Any) -> Any:
    given = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "config": Config(**config)}
    return boto3.client(service, endpoint_url=engine.endpoint, region_name="eu-west-1", **given)  # type: ignore[call-overload]


def create_table(engine: MiniStack) -> None:
    client(engine).create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
    )


def put(engine: MiniStack, key: str) -> None:
    client(engine).put_item(TableName=TABLE, Item={"PK": {"S": key}})


def keys(engine: MiniStack) -> set[str]:
    return {item["PK"]["S"] for item in client(engine).scan(TableName=TABLE)["Items"]}


def kill(engine: MiniStack) -> None:
    """End it at once, as kill -9 does, and wait until its data is free."""
    os.kill(engine.pid or 0, signal.SIGKILL)
    end_leftover(engine.data)


def a_port() -> int:
    # Not the default one: a shop may run on this machine while its tests do.
    return free_port(0)


def fill(engine: MiniStack) -> None:
    """Something of everything that the shop keeps."""
    create_table(engine)
    put(engine, "kept")
    s3, sqs = client(engine, "s3"), client(engine, "sqs")
    for bucket in ("pictures", "empty"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="pictures", Key="a/b.png", Body=b"png", ContentType="image/png")
    s3.put_object(Bucket="pictures", Key="deleted", Body=b"-")
    s3.delete_object(Bucket="pictures", Key="deleted")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="waiting")


def assert_filled(engine: MiniStack) -> None:
    assert keys(engine) == {"kept"}
    s3, sqs = client(engine, "s3"), client(engine, "sqs")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["empty", "pictures"]
    assert s3.get_bucket_location(Bucket="empty")["LocationConstraint"] == "eu-west-1"
    assert [found["Key"] for found in s3.list_objects_v2(Bucket="pictures")["Contents"]] == ["a/b.png"]
    found = s3.get_object(Bucket="pictures", Key="a/b.png")
    assert (found["Body"].read(), found["ContentType"]) == (b"png", "image/png")
    messages = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="queue")["QueueUrl"])["Messages"]
    assert [message["Body"] for message in messages] == ["waiting"]


def test_data_outlives_a_stop(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, a_port())
    engine.start()
    fill(engine)
    engine.stop()
    assert not answers(engine.endpoint)

    engine.start()
    try:
        assert_filled(engine)
    finally:
        engine.stop()


def test_nothing_is_lost_when_the_starter_is_killed(tmp_path: Path) -> None:
    port = a_port()
    with program(["-c", ABANDON, str(tmp_path), str(port)], {}) as starter:
        assert "abandoned" in starter.read_until("abandoned")
        starter.wait()
    engine = MiniStack(tmp_path, port)
    engine.start()
    try:
        assert keys(engine) == {"written just before"}
    finally:
        engine.stop()


def test_what_was_acknowledged_outlives_a_killed_engine(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, a_port())
    engine.start()
    fill(engine)
    kill(engine)
    # What is left of an object whose writing the kill broke off.
    (tmp_path / "s3" / "000000000000" / "pictures" / "torn.png.tmp").write_bytes(b"half of i")
    engine.start()
    try:
        assert_filled(engine)
    finally:
        engine.stop()


@contextmanager
def in_ministacks_own_form(data: Path, port: int) -> Iterator[MiniStack]:
    """MiniStack as it is, which saves the folder's `state` when it is told to stop."""
    own = {"PERSIST_STATE": "1", "STATE_DIR": str(data / "state"), "GATEWAY_PORT": str(port)}
    command = [sys.executable, "-m", "hypercorn", "ministack.app:app", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=engine_environment(data) | own, stderr=subprocess.DEVNULL)
    engine = MiniStack(data, port)
    try:
        while process.poll() is None and not answers(engine.endpoint):
            pass
        yield engine
    finally:
        process.terminate()
        process.wait()


@pytest.mark.exhaustive
def test_data_in_ministacks_own_form_is_taken_over_once(tmp_path: Path) -> None:
    with in_ministacks_own_form(tmp_path, a_port()) as old:
        fill(old)
        port = old.port
    engine = MiniStack(tmp_path, port)
    engine.start()
    put(engine, "later")
    kill(engine)
    engine.start()
    try:
        assert keys(engine) == {"kept", "later"}
        client(engine).delete_item(TableName=TABLE, Key={"PK": {"S": "later"}})
        assert_filled(engine)
    finally:
        engine.stop()
    assert not (tmp_path / "state").exists()
    assert (tmp_path / "state.taken-over" / "dynamodb.json").exists()


@pytest.mark.exhaustive
def test_data_that_cannot_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "dynamodb.json").write_text('{"torn')
    engine = MiniStack(tmp_path, a_port())
    with pytest.raises(EngineFailed, match=r"engine\.log"):
        engine.start()
    assert "dynamodb.json is damaged" in (tmp_path / "engine.log").read_text()
    assert (tmp_path / "state" / "dynamodb.json").read_text() == '{"torn'


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_a_full_disk_is_said_and_refuses_what_it_cannot_keep(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, a_port())
    engine.start()
    try:
        fill(engine)
        assert engine.failure() == ""
        once: dict[str, Any] = {"retries": {"total_max_attempts": 1}}
        _, most = resource.prlimit(engine.pid or 0, resource.RLIMIT_FSIZE)
        resource.prlimit(engine.pid or 0, resource.RLIMIT_FSIZE, (4096, most))
        with pytest.raises(ClientError, match="InternalServerError"):
            client(engine, **once).put_item(TableName=TABLE, Item={"PK": {"S": "unsure"}})
        with pytest.raises(ClientError, match="InternalError"):
            client(engine, "s3", **once).put_object(Bucket="pictures", Key="large", Body=b"-" * 5000)
        assert engine.failure().startswith("dynamodb: OperationalError: ")
        assert keys(engine) == {"kept", "unsure"}
        resource.prlimit(engine.pid or 0, resource.RLIMIT_FSIZE, (most, most))
        assert engine.failure() == ""
        put(engine, "after")
        kill(engine)
        engine.start()
        assert keys(engine) == {"kept", "unsure", "after"}
    finally:
        engine.stop()


@pytest.mark.exhaustive
def test_a_second_engine_ends_the_first_on_the_same_data(tmp_path: Path) -> None:
    first, second = MiniStack(tmp_path, a_port()), MiniStack(tmp_path, a_port())
    first.start()
    second.start()
    try:
        assert running_pid(tmp_path) == second.pid
        assert not first.is_running
    finally:
        second.stop()
        first.stop()


def test_engines_that_start_at_once_never_take_each_other_for_their_own(tmp_path: Path) -> None:
    preferred = a_port()
    engines = [MiniStack(tmp_path / name, preferred_port=preferred) for name in ("first", "second", "third")]
    try:
        with ThreadPoolExecutor(len(engines)) as pool:
            list(pool.map(MiniStack.start, engines))
        assert len({engine.port for engine in engines}) == len(engines)
        for engine in engines:
            create_table(engine)
    finally:
        for engine in engines:
            engine.stop()


@pytest.mark.exhaustive
def test_an_engine_that_was_killed_keeps_its_port_and_nobody_is_taken_for_it(tmp_path: Path) -> None:
    killed, other = MiniStack(tmp_path / "killed", a_port()), MiniStack(tmp_path / "other")
    try:
        killed.start()
        create_table(killed)
        port, pid = killed.port, killed.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        other.preferred_port = port
        other.start()
        assert other.port != port
        create_table(other)
        killed.start()
        assert killed.port == port
        with pytest.raises(ClientError, match="ResourceInUseException"):
            create_table(killed)
    finally:
        killed.stop()
        other.stop()


def test_a_port_of_somebody_else_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EngineFailed, match=f"Port {port} of 127.0.0.1 cannot be listened on"):
            MiniStack(tmp_path, port).start()


def test_an_engine_that_cannot_start_names_its_log(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, server="tools.engines.no_such_server")
    with pytest.raises(EngineFailed, match=r"engine\.log"):
        engine.start()


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) not in {0, port}


def test_the_engine_sees_no_aws_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of a real account")
    seen = engine_environment(tmp_path)
    assert {name: text for name, text in seen.items() if name.startswith("AWS_")} == KEYS
    assert seen["BIND_HOST"] == "127.0.0.1"
    assert seen["SERVICES"] == "dynamodb,s3,sqs"
