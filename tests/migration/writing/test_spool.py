"""What was mapped comes back as it was kept, by entity and from any id on."""

import errno
import tempfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration.writing import spool as spools
from migration.writing.spool import Mapped, Spool
from tools.errors import ToolError

TEXTS = st.text(max_size=20)
RECORDS = st.lists(
    st.builds(
        Mapped,
        id=st.integers(1, 2**40) | TEXTS,
        position=st.integers(1, 2**40),
        highest=st.dictionaries(TEXTS, st.integers()),
        rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=3),
    ),
    max_size=8,
)


def _plain(record: Mapped) -> tuple[object, object, object, list[tuple[str, ...]]]:
    return record.id, record.position, dict(record.highest), [tuple(row) for row in record.rows]


@given(RECORDS, RECORDS, st.none() | st.integers(0, 2**40), st.integers(1, 4))
def test_records_come_back_in_order(
    orders: list[Mapped], carts: list[Mapped], after: int | None, together: int
) -> None:
    with pytest.MonkeyPatch.context() as patch, Spool() as spool:
        patch.setattr(spools, "RECORDS_TOGETHER", together)
        for name, records in (("orders", orders), ("carts", carts)):
            for record in records:
                spool.add(name, record)
        wanted = [_plain(it) for it in orders if after is None or it.position > after]
        assert [_plain(it) for it in spool.records("orders", after)] == wanted
        assert [_plain(it) for it in spool.records("carts")] == [_plain(it) for it in carts]
        assert list(spool.records("products")) == []
        spool.clear()
        assert list(spool.records("orders")) == []


def test_nobody_else_can_open_it(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Spool() as spool:
        spool.add("orders", Mapped(1, 1, {}, [("ORDER#1", "METADATA", "{}")]))
        assert len(list(spool.records("orders"))) == 1
        assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("act", [lambda spool: list(spool.records("orders"))])
def test_a_full_disk_is_an_error_that_says_what_to_do(act: Callable[[Spool], object]) -> None:
    class Full:
        def seek(self, *_: int) -> int:
            return 0

        def write(self, _data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    with Spool() as spool:
        spool._file.close()
        spool._file = Full()  # type: ignore[assignment]
        spool.add("orders", Mapped(1, 1, {}, []))
        with pytest.raises(ToolError, match="TMPDIR"):
            act(spool)
