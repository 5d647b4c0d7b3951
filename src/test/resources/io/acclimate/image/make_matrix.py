"""JPEG, PNG and TIFF files in each combination that people send, and what Pillow makes of them.

    /usr/bin/python3 make_matrix.py FOLDER      (Debian: python3-pil, python3-numpy, libjpeg-turbo-progs)

Writes the files; NAME.rgb, Pillow's pixels turned upright; NAME.stretch, those resized to 32x32; NAME.crop, torchvision's Resize and
CenterCrop to 32x32, all as bytes in red, green, blue order; and matrix.tsv: file, group, width, height.
"""
import io
import itertools
import pathlib
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path(sys.argv[1])
FOLDER.mkdir(parents=True, exist_ok=True)
SIDE = 32
rows = []


def photo(width, height, seed):
    """A picture with the spectrum of photographs (amplitude falls with frequency), edges, and colours that go together."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    falloff = 1 / np.maximum(np.hypot(fy, fx), 1 / max(width, height)) ** 1.2
    fields = []
    for _ in range(4):
        noise = np.fft.irfft2(np.fft.rfft2(random.normal(size=(height, width))) * falloff, s=(height, width))
        fields.append((noise - noise.mean()) / noise.std())
    light = fields[0]
    for _ in range(5):
        a, b, c = random.normal(), random.normal(), random.uniform(-0.4, 0.4)
        light = light + 0.6 * random.normal() * ((a * (x / width - 0.5) + b * (y / height - 0.5)) > c)
    tint = random.normal(size=(4, 3)) * [[0.2], [0.45], [0.45], [0.3]]
    pixels = 0.45 + 0.19 * (light[..., None] + sum(fields[i][..., None] * tint[i] for i in range(4)))
    return np.clip(pixels * 255 + random.normal(size=pixels.shape) * 1.5, 0, 255).astype(np.uint8)


def keep(name, group, data, reference=None):
    (FOLDER / name).write_bytes(data)
    image = reference
    if image is None:
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    (FOLDER / (name + '.rgb')).write_bytes(image.tobytes())
    (FOLDER / (name + '.stretch')).write_bytes(image.resize((SIDE, SIDE), Image.BILINEAR).tobytes())
    width, height = image.size
    short, long = min(width, height), max(width, height)
    full = (SIDE, int(SIDE * long / short)) if width <= height else (int(SIDE * long / short), SIDE)
    left, top = int(round((full[0] - SIDE) / 2.0)), int(round((full[1] - SIDE) / 2.0))
    crop = image.resize(full, Image.BILINEAR).crop((left, top, left + SIDE, top + SIDE))
    (FOLDER / (name + '.crop')).write_bytes(crop.tobytes())
    rows.append(f'{name}\t{group}\t{width}\t{height}')


def cjpeg(pixels, *options):
    netpbm = b'P6 %d %d 255\n' % (pixels.shape[1], pixels.shape[0]) + pixels.tobytes()
    return subprocess.run(['cjpeg', *options], input=netpbm, capture_output=True, check=True).stdout


def segments(data):
    """The segments up to the first scan, each with its marker, and the rest."""
    at, found = 2, []
    while data[at + 1] != 0xda:
        end = at + 2 + struct.unpack('>H', data[at + 2:at + 4])[0]
        found.append((data[at + 1], data[at + 4:end]))
        at = end
    return found, data[at:]


def segment(marker, body):
    return struct.pack('>BBH', 0xff, marker, len(body) + 2) + body


def remade(data, jfif=True, adobe=None, ids=None, extra=b'', scans=None):
    """The same data with other segments and ids. Each scan's header is patched as well."""
    found, rest = segments(data)
    head = b'\xff\xd8'
    if jfif:
        head += segment(0xe0, b'JFIF\0\1\1\0\0\1\0\1\0\0')
    head += extra
    if adobe is not None:
        head += segment(0xee, b'Adobe\0\x64\0\0\0\0' + bytes([adobe]))
    old = None
    for marker, body in found:
        if marker in (0xe0, 0xee):
            continue
        if 0xc0 <= marker <= 0xc2 and ids is not None:
            body = bytearray(body)
            old = [body[6 + 3 * i] for i in range(body[5])]
            for i in range(body[5]):
                body[6 + 3 * i] = ids[i]
        head += segment(marker, bytes(body))
    rest = bytearray(rest)
    if ids is not None:
        at = rest.find(b'\xff\xda')
        while at >= 0:
            for i in range(rest[at + 4]):
                rest[at + 5 + 2 * i] = ids[old.index(rest[at + 5 + 2 * i])]
            at = rest.find(b'\xff\xda', at + 2)
    return head + bytes(rest)


def exif(orientation, order='>', kind=3, directory=8):
    value = {1: 'B3x', 3: 'H2x', 4: 'I', 9: 'i'}[kind]
    tiff = (b'MM' if order == '>' else b'II') + struct.pack(order + 'HI', 42, directory)
    tiff = tiff.ljust(directory, b'\0')
    tiff += struct.pack(order + 'H', 2) + struct.pack(order + 'HHIHxx', 0x0103, 3, 1, 6)
    return tiff + struct.pack(order + 'HHI' + value, 0x0112, kind, 1, orientation) + struct.pack(order + 'I', 0)


def chunk(kind, body):
    return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))


def png(pixels, depth, colour, before=b'', after=b''):
    """Unfiltered rows. Pixels are samples of the depth, [height, width, samples]."""
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, -1)
    if depth == 16:
        lines = [b'\0' + line.astype('>u2').tobytes() for line in flat]
    elif depth == 8:
        lines = [b'\0' + line.astype(np.uint8).tobytes() for line in flat]
    else:
        bits = (flat[..., None] >> np.arange(depth - 1, -1, -1)) & 1
        lines = [b'\0' + np.packbits(line.reshape(-1)).tobytes() for line in bits]
    header = struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, 0)
    data = chunk(b'IDAT', zlib.compress(b''.join(lines)))
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + before + data + after + chunk(b'IEND', b'')


PHOTOS = [photo(97, 61, 1), photo(160, 224, 2), photo(75, 48, 3), photo(128, 128, 4)]

SAMPLES = {'444': '1x1', '422': '2x1', '420': '2x2', '440': '1x2', '411': '4x1'}
CODINGS = {'base': (), 'prog': ('-progressive',), 'restart': ('-restart', '1'), 'split': ('-scans',)}
script = FOLDER / 'scans.txt'
script.write_text('0;\n1;\n2;\n')
for p, s, q, c in itertools.product(range(4), SAMPLES, (55, 93), CODINGS):
    options = (*CODINGS[c], str(script)) if c == 'split' else CODINGS[c]
    data = cjpeg(PHOTOS[p], '-quality', str(q), '-sample', SAMPLES[s], *options)
    keep(f'coding-{p}-{s}-{q}-{c}.jpg', 'sampling ' + s, data)

IDS = {'123': (1, 2, 3, 4), '012': (0, 1, 2, 3), 'RGB': b'RGBA', 'rgb': b'rgba', '12223': (1, 34, 35, 36)}
for s, jfif, adobe, i in itertools.product(('444', '420'), (True, False), (None, 0, 1, 2), IDS):
    for p, prog in ((0, ()), (1, ('-progressive',))):
        data = cjpeg(PHOTOS[p], '-quality', '85', '-sample', SAMPLES[s], *prog)
        name = f'colour-{p}-{s}-{"jfif" if jfif else "plain"}-{"no" if adobe is None else adobe}-{i}.jpg'
        keep(name, 'colour model', remade(data, jfif, adobe, IDS[i]))

for p, prog in itertools.product(range(4), (False, True)):
    ink = Image.fromarray(255 - np.dstack([PHOTOS[p], PHOTOS[p].max(axis=2)]), 'CMYK')
    out = io.BytesIO()
    ink.save(out, 'JPEG', quality=88, progressive=prog)
    for jfif, adobe in itertools.product((True, False), (None, 0, 1, 2)):
        name = f'inks-{p}-{prog}-{jfif}-{adobe}.jpg'
        keep(name, 'colour model', remade(out.getvalue(), jfif, adobe))
    keep(f'grey-{p}-{prog}.jpg', 'grey', cjpeg(PHOTOS[p], '-grayscale', *(['-progressive'] if prog else [])))

for o, order, kind, directory in itertools.product(range(1, 9), '<>', (3, 4, 9), (8, 31)):
    p = o % 3
    body = exif(o, order, kind, directory)
    data = cjpeg(PHOTOS[p], '-quality', '90')
    tag = f'{o}-{"mm" if order == ">" else "ii"}-{kind}-{directory}'
    keep(f'turned-{tag}.jpg', 'orientation', remade(data, extra=segment(0xe1, b'Exif\0\0' + body)))
    before, after = (chunk(b'eXIf', body), b'') if directory == 8 else (b'', chunk(b'eXIf', body))
    keep(f'turned-{tag}.png', 'orientation', png(PHOTOS[p], 8, 2, before, after))

for p in range(4):
    grey = PHOTOS[p].mean(axis=2).astype(np.uint16)
    for depth in (1, 2, 4, 8):
        keep(f'grey-{p}-{depth}.png', 'PNG', png((grey >> (8 - depth))[..., None], depth, 0))
    wide = PHOTOS[p].astype(np.uint16) * 256 + np.random.default_rng(p).integers(0, 256, PHOTOS[p].shape).astype(np.uint16)
    keep(f'wide-{p}.png', 'PNG', png(wide, 16, 2))
    # Pillow cuts grey of 16 bits off at 255. libpng, OpenCV and TensorFlow take the upper 8 bits.
    upper = Image.fromarray(np.repeat((wide[..., :1] >> 8).astype(np.uint8), 3, axis=2))
    keep(f'wide-grey-{p}.png', 'PNG', png(wide[..., :1], 16, 0), upper)
    out = io.BytesIO()
    Image.fromarray(PHOTOS[p]).quantize(64).save(out, 'PNG')
    keep(f'palette-{p}.png', 'PNG', out.getvalue())
    # Around the picture: padding, a lost end, what telephones append.
    plain = cjpeg(PHOTOS[p], '-quality', '80')
    keep(f'appended-{p}.jpg', 'ends', plain + cjpeg(PHOTOS[(p + 1) % 4]) + bytes(range(256)) * 40)
    keep(f'padded-end-{p}.jpg', 'ends', plain[:-2] + bytes(64))
    found, rest = segments(plain)
    keep(f'padded-{p}.jpg', 'ends', b'\xff\xd8' + b''.join(b'\xff' * 3 + segment(*f) for f in found) + rest)


def tiff(name, image, group='TIFF', **options):
    out = io.BytesIO()
    image.save(out, 'TIFF', **options)
    # Pillow turns a TIFF upright while it loads it, and exif_transpose of 9.4 would turn it once more.
    keep(name, group, out.getvalue(), Image.open(out).convert('RGB'))


for p in range(4):
    image = Image.fromarray(PHOTOS[p])
    for c in ('raw', 'tiff_lzw', 'tiff_adobe_deflate', 'tiff_deflate', 'packbits'):
        tiff(f'{c}-{p}.tif', image, compression=c)
        tiff(f'grey-{c}-{p}.tif', image.convert('L'), compression=c)
        tiff(f'inks-{c}-{p}.tif', image.convert('CMYK'), compression=c)
        tiff(f'palette-{c}-{p}.tif', image.quantize(64), compression=c)
    for c in ('raw', 'group3', 'group4', 'packbits'):
        tiff(f'bits-{c}-{p}.tif', image.convert('1'), compression=c)
    tiff(f'differences-{p}.tif', image, compression='tiff_lzw', tiffinfo={317: 2})
    tiff(f'one-strip-{p}.tif', image, compression='tiff_lzw', tiffinfo={278: 1000})
    for o in range(1, 9):
        tiff(f'turned-{p}-{o}.tif', image, 'orientation', tiffinfo={274: o})

(FOLDER / 'matrix.tsv').write_text('\n'.join(rows) + '\n')
print(len(rows), 'files')
