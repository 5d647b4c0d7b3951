"""Makes the data beside it from the Debian package dataset-fashion-mnist. Deterministic; needs Python 3 only.

target-*: the 10,000 images of the test set, which pretraining never sees. source-*: the first 100 training images of each
class, in file order, which training replays so that the source domain is not forgotten.
"""

import gzip
import struct
import sys

FROM = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"
PER_CLASS = 100


def read(name, header):
    with gzip.open(f"{FROM}/{name}") as file:
        return file.read()[header:]


def write(name, raw):
    with open(name, "wb") as out, gzip.GzipFile("", "wb", 9, out, mtime=0) as packed:
        packed.write(raw)


def images(pixels):
    return struct.pack(">IIII", 0x803, len(pixels) // 784, 28, 28) + pixels


def labels(classes):
    return struct.pack(">II", 0x801, len(classes)) + bytes(classes)


write("target-images-idx3-ubyte.gz", images(read("t10k-images-idx3-ubyte.gz", 16)))
write("target-labels-idx1-ubyte.gz", labels(read("t10k-labels-idx1-ubyte.gz", 8)))

pixels, classes = read("train-images-idx3-ubyte.gz", 16), read("train-labels-idx1-ubyte.gz", 8)
taken, left = [], [PER_CLASS] * 10
for i, c in enumerate(classes):
    if left[c]:
        left[c] -= 1
        taken.append(i)
write("source-images-idx3-ubyte.gz", images(b"".join(pixels[784 * i : 784 * i + 784] for i in taken)))
write("source-labels-idx1-ubyte.gz", labels([classes[i] for i in taken]))
