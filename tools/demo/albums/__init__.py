"""The three comics of the demo shop."""

from tools.demo.albums import boh, luna, nota
from tools.demo.albums.album import Album

ALBUMS: tuple[Album, ...] = (luna.ALBUM, boh.ALBUM, nota.ALBUM)
