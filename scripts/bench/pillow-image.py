"""Gets one image, makes a thumbnail of it with Pillow, and puts it, as a function per image does.

    python3 pillow-image.py <presigned URL to get> <presigned URL to put>
"""
import io
import sys
import urllib.request

from PIL import Image, ImageOps

MAX_SIDE = 1280

source, target = sys.argv[1:]
with urllib.request.urlopen(source) as response:
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(response.read())))
image.thumbnail((MAX_SIDE, MAX_SIDE))
out = io.BytesIO()
image.convert("RGB").save(out, "JPEG")
urllib.request.urlopen(urllib.request.Request(target, data=out.getvalue(), method="PUT")).close()
