"""The files of a row: each file is named by one row, in whose folder it lies, and goes when it is dropped.

A row that takes an address of ours which it does not name yet gets a checked copy under a fresh key. So no
file comes to be named by a second row, and a key that was dropped is never named again: whoever drops it may
delete the file without a look at what others do meanwhile.
"""

from collections.abc import Collection, Iterable
from functools import partial
from types import TracebackType
from typing import Self

from common import media
from common.errors import InvalidInput, ShopError
from common.images import MAX_UPLOAD_BYTES, clean_image
from common.logging import describe_exception, logger
from common.parallel import side_by_side
from common.repositories.picture_uses import is_named

# Each is read and decoded within the request: about half a second in a Lambda.
MAX_UNCHECKED = 12

_COPIES_AT_ONCE = 16


class PictureFiles:
    """What one change copies into the folder of its row; taken away again when the change is refused."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._taken: dict[str, str] = {}
        self.copies: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Only a refusal is certain to have stored nothing; after a lost answer the row may name the copies.
        if isinstance(error, ShopError):
            for key in self.copies:
                _remove(key)

    def take(self, address: str, named: Collection[str] = (), *, field: str) -> str:
        """What the row may name for a stored address; see `take_all`."""
        return self.take_all((address,), named, field=field)[0]

    def take_all(
        self, addresses: Iterable[str], named: Collection[str] = (), *, field: str
    ) -> tuple[str, ...]:
        """What the row, which names the keys `named`, may name for stored addresses, in their order.

        That is a key that it names already, the key of a fresh copy, or the address itself when it is
        foreign or nothing of ours is stored there. The same address is copied once.
        Raises InvalidInput naming `field` when an upload is gone or is no picture, or more than
        MAX_UNCHECKED of them were sent past the shop; PayloadTooLarge.
        """
        addresses = tuple(addresses)
        own = {address: _among(named, address) for address in addresses}
        wanted = [address for address, key in own.items() if not key and address not in self._taken]
        unchecked = [address for address in wanted if not _is_checked(address)]
        if (
            len([address for address in unchecked if address.startswith(f"{media.INCOMING}/")])
            > MAX_UNCHECKED
        ):
            raise InvalidInput.of_field(
                field, f"takes {MAX_UNCHECKED} new uploads at once; save them in steps"
            )
        with side_by_side(_COPIES_AT_ONCE) as start:
            checked = {
                address: start(partial(self._copied, address, field))
                for address in wanted
                if _is_checked(address)
            }
            # One after the other: each may take 300 MB while it is decoded.
            self._taken |= {address: self._copied(address, field) for address in unchecked}
        self._taken |= {address: copy.result() for address, copy in checked.items()}
        return tuple(own[address] or self._taken[address] for address in addresses)

    def _copied(self, address: str, field: str) -> str:
        for key in media.possible_keys(address):
            if key.startswith(media.FOLDERS) and (copy := self._copy(key, field)):
                return copy
        if _is_checked(address) or address.startswith(f"{media.INCOMING}/"):
            raise InvalidInput.of_field(field, "names an upload that is not there any more; upload it again")
        return address

    def _copy(self, key: str, field: str) -> str:
        """The key of a copy of an object; empty when there is no such object."""
        if media.folder_of_checked(key):
            copy = self._fresh(key.rpartition(".")[2])
            return copy if media.copy(key, copy) else ""
        data = media.read(key, MAX_UPLOAD_BYTES + 1)
        if data is None:
            return ""
        picture = clean_image(data, field)
        copy = self._fresh(picture.kind.extension)
        media.store(copy, picture.data, picture.kind.content_type)
        return copy

    def _fresh(self, extension: str) -> str:
        key = media.new_key(self._folder, extension)
        self.copies.add(key)
        return key


def discard(keys: Iterable[str], folder: str) -> None:
    """Deletes the files of keys that the row with this folder has dropped, unless another row names one.

    Others can do so in data from before a row's files were its own. Such a key finds no new row, so the last
    one that drops it sees that. Nothing is raised: a file too many does no harm.
    """
    for key in keys:
        if not media.is_absolute(key):
            _remove(key, is_shared=media.folder_of_checked(key) != folder)


def _remove(key: str, *, is_shared: bool = False) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        if not (is_shared and is_named(media.possible_keys(key))):
            media.remove(key)
    except (BotoCoreError, ClientError, ShopError) as error:
        logger().warning("picture not removed", extra=describe_exception(error))


def _among(named: Collection[str], address: str) -> str:
    return next((key for key in media.possible_keys(address) if key in named), "")


def _is_checked(address: str) -> bool:
    return any(media.folder_of_checked(key) for key in media.possible_keys(address))
