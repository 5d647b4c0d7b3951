#!/usr/bin/env bash
# Jimp 1.6.1 (JavaScript; it reads TIFF with utif2 4.1.0): a grey TIFF with JPEG inside shows its left third, three times as wide.
#
# Guessed: Jimp gives the pixels that Pillow 9.4 gives for the TIFFs that Pillow writes, those with JPEG inside within the rounding of JPEG.
# Seen:    of a grey one each pixel stands three times in a row, and the right two thirds of the picture are gone; one of four channels is
#          mixed up. There is no error, and width and height are right. Colour of three channels, and those packed as LZW, are as
#          guessed. Scans of paper and slides are such files, and who sends them as PNG, because a reader does not take
#          JPEG in TIFF, sends another picture.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent jimp@1.6.1 utif2@4.1.0 node@22.22.0 >>npm.log 2>&1
/usr/bin/python3 - <<'P' | tee out
from PIL import Image
grey = Image.new("L", (48, 16))
grey.putdata([x * 5 for _ in range(16) for x in range(48)])
pictures = {"grey": grey, "colour": Image.merge("RGB", [grey] * 3), "four": Image.merge("RGBA", [grey] * 4)}
for name, picture in pictures.items():
    for packed in "tiff_lzw", "jpeg":
        picture.save(f"{name}-{packed}.tif", compression=packed)
        row = [pixel if isinstance(pixel, int) else pixel[0] for pixel in Image.open(f"{name}-{packed}.tif").getdata()][:48]
        print(f"{name}, {packed}, Pillow:", *row[:12], "...", *row[-3:])
P
cat > main.mjs <<'J'
import { Jimp } from 'jimp';

for (const name of ['grey', 'colour', 'four']) {
  for (const packed of ['tiff_lzw', 'jpeg']) {
    const { bitmap } = await Jimp.read(`${name}-${packed}.tif`);
    const row = Array.from({ length: bitmap.width }, (_, x) => bitmap.data[4 * x]);
    console.log(`${name}, ${packed}, Jimp: ${row.slice(0, 12).join(' ')} ... ${row.slice(-3).join(' ')} (${bitmap.width} x ${bitmap.height})`);
  }
}
J
node_modules/.bin/node main.mjs | tee -a out
diff out - <<'P'
grey, tiff_lzw, Pillow: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235
grey, jpeg, Pillow: 0 4 10 15 19 24 30 34 40 44 50 55 ... 225 231 235
colour, tiff_lzw, Pillow: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235
colour, jpeg, Pillow: 0 4 10 15 19 24 30 34 40 44 50 55 ... 225 231 235
four, tiff_lzw, Pillow: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235
four, jpeg, Pillow: 0 4 10 15 19 24 30 34 40 44 50 55 ... 225 231 235
grey, tiff_lzw, Jimp: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235 (48 x 16)
grey, jpeg, Jimp: 0 0 0 4 4 4 10 10 10 15 15 15 ... 74 74 74 (48 x 16)
colour, tiff_lzw, Jimp: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235 (48 x 16)
colour, jpeg, Jimp: 0 4 10 15 19 24 30 34 40 44 50 55 ... 226 231 235 (48 x 16)
four, tiff_lzw, Jimp: 0 5 10 15 20 25 30 35 40 45 50 55 ... 225 230 235 (48 x 16)
four, jpeg, Jimp: 6 7 12 10 10 14 17 16 19 26 25 27 ... 26 25 27 (48 x 16)
P
echo 'as seen: three of each pixel'
