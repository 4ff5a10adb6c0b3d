"""The embedded engine as a process: what outlives a stop, a killed starter and a killed engine."""

import os
import socket
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.support.programs import program
from tools.engines.ministack import (
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


def client(engine: MiniStack, service: str = "dynamodb") -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=engine.endpoint, region_name="eu-west-1", **keys)  # type: ignore[call-overload]


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


def a_port() -> int:
    # Not the default one: a shop may run on this machine while its tests do.
    return free_port(0)


def test_data_outlives_a_stop(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, a_port())
    engine.start()
    create_table(engine)
    put(engine, "kept")
    client(engine, "s3").create_bucket(
        Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    client(engine, "s3").put_object(Bucket="pictures", Key="a/b.png", Body=b"png", ContentType="image/png")
    engine.stop()
    assert not answers(engine.endpoint)

    engine.start()
    try:
        assert keys(engine) == {"kept"}
        found = client(engine, "s3").get_object(Bucket="pictures", Key="a/b.png")
        assert (found["Body"].read(), found["ContentType"]) == (b"png", "image/png")
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


def test_what_was_saved_outlives_a_killed_engine(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path, a_port())
    engine.start()
    create_table(engine)
    put(engine, "saved")
    state = tmp_path / "state" / "dynamodb.json"
    # Reading keeps this test busy for the moment that the engine takes to save.
    for _ in range(10_000):
        if keys(engine) and state.exists() and '"saved"' in state.read_text():
            break
    os.kill(engine.pid or 0, 9)
    end_leftover(tmp_path)
    engine.start()
    try:
        assert keys(engine) == {"saved"}
    finally:
        engine.stop()


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


def test_an_engine_that_cannot_start_names_its_log(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        engine = MiniStack(tmp_path, taken.getsockname()[1])
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
    seen = engine_environment(tmp_path, 4566)
    assert not [name for name in seen if name.startswith("AWS_")]
    assert seen["BIND_HOST"] == "127.0.0.1"
    assert seen["SERVICES"] == "dynamodb,s3,sqs"
