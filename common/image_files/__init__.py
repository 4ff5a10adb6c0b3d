"""The containers of image formats: where each ends, how much it unpacks to, and what in it is not picture.

Each module has `strip(data)`, which copies the compressed picture as it is, without decoding it. What
describes the camera, the place or the photographer is left out, and so is whatever follows the picture's
end. Only what a decoder needs is taken over, by name, and the colour profile.
"""

from .container import ContainerError, Stripped
from .detection import strip

__all__ = ["ContainerError", "Stripped", "strip"]
