"""Whether the storage can be reached, within a bounded time."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime
from typing import Any

from common import config, media
from common.clock import iso
from common.dynamodb import get_item
from common.logging import describe_exception, logger

HEALTHY, UNHEALTHY = "healthy", "unhealthy"

# Below the clients' own limits, which with their retries would outlast a monitor's patience.
TIMEOUT_SECONDS = 3.0

DEFAULT_VERSION = "0.1.0"

Check = Callable[[], object]


def reach_dynamodb() -> None:
    """Reads an item that does not exist: it needs no further permission than the shop has anyway."""
    get_item(("HEALTH", "METADATA"))


def reach_s3() -> None:
    """Asks for the bucket."""
    media.get_client().head_bucket(Bucket=config.bucket_name())


CHECKS: Mapping[str, Check] = {"dynamodb": reach_dynamodb, "s3": reach_s3}


def health_report(
    now: datetime, checks: Mapping[str, Check] = CHECKS, timeout: float = TIMEOUT_SECONDS
) -> dict[str, Any]:
    """`ok`, `status` and, for each check, `status` and `latency_ms`, within `timeout` seconds for all.

    `healthy` when every check answered in time. Why one failed is in the log only.
    """
    results = _run_all(checks, timeout)
    healthy = all(result["status"] == HEALTHY for result in results.values())
    return {
        "ok": healthy,
        "status": HEALTHY if healthy else UNHEALTHY,
        "service": config.service_name(),
        "version": config.setting("SERVICE_VERSION", DEFAULT_VERSION),
        "timestamp": iso(now),
        "checks": results,
    }


def _run_all(checks: Mapping[str, Check], timeout: float) -> dict[str, dict[str, Any]]:
    # Side by side in threads: that is what bounds the time whatever a client or a name server does.
    workers = ThreadPoolExecutor(max_workers=len(checks))
    futures = {name: workers.submit(copy_context().run, _timed, check) for name, check in checks.items()}
    wait(futures.values(), timeout=timeout)
    workers.shutdown(wait=False, cancel_futures=True)
    return {name: _result(name, future) for name, future in futures.items()}


def _timed(check: Check) -> int:
    started = time.monotonic_ns()
    check()
    return (time.monotonic_ns() - started) // 1_000_000


def _result(name: str, future: "Future[int]") -> dict[str, Any]:
    if not future.done():
        logger().warning("health check timed out", extra={"check": name})
        return {"status": UNHEALTHY}
    error = future.exception()
    if error is not None:
        logger().warning("health check failed", extra={"check": name, **describe_exception(error)})
        return {"status": UNHEALTHY}
    return {"status": HEALTHY, "latency_ms": future.result()}
