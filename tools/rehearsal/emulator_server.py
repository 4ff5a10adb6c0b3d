"""The emulator's process: MiniStack with every service, put right where it differs from AWS."""

import asyncio
import shutil

from tools.engines.ministack_server import serve, take_place


def main() -> None:
    """Hold the folder, say where the emulator listens, and serve until the starter is gone."""
    place = take_place(__doc__)
    # Imported behind the port, which MiniStack reads when it is imported.
    from tools.rehearsal.ministack_patches import apply_patches

    apply_patches(place.data)
    # Nothing is saved, so nothing can fail to be.
    asyncio.run(serve(place.listening, lambda: ""))
    # A starter that was killed cannot remove it.
    shutil.rmtree(place.data, ignore_errors=True)


if __name__ == "__main__":
    main()
