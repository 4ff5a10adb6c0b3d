"""A zip whose bytes depend on its files only."""

import zipfile
from pathlib import Path

# The oldest that a zip can say.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)
# Lambda runs as another user than the one who packed.
READABLE = 0o644
LIBRARY = 0o755
UNIX = 3
LEVEL = 6


def write_archive(tree: Path, target: Path) -> None:
    """Pack the files below `tree`, sorted, with one date and fixed permissions."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for path in sorted(tree.rglob("*"), key=lambda path: path.relative_to(tree).as_posix()):
            if path.is_file():
                entry = _entry(path.relative_to(tree))
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, LEVEL)


def sizes(archive: Path) -> dict[str, int]:
    """Compressed bytes for each name at the top of the zip, largest first."""
    totals: dict[str, int] = {}
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            name = entry.filename.partition("/")[0]
            totals[name] = totals.get(name, 0) + entry.compress_size
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def _entry(path: Path) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path.as_posix(), TIMESTAMP)
    entry.create_system = UNIX
    entry.external_attr = (LIBRARY if ".so" in path.suffixes else READABLE) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
