#!/usr/bin/env bash
# geotiff 3.0.5 (JavaScript): in a TIFF whose zero is white, what is white becomes black.
#
# Guessed: readRGB, which "reads raster data as RGB", gives a grey TIFF of up to 8 bits as Pillow 9.4 does: its largest number is 255 where
#          black is zero (the usual form), and 0 is 255 where white is zero, the form of faxes and of many scanners.
# Seen:    where white is zero, 0 becomes 256, which a byte keeps as 0: the paper of a scan is black, and with 8 bits what is black is 1. With
#          1 bit black and white are exchanged. Where black is zero, white is 128 with 1 bit, 192 with 2 and 240 with 4; with 8 bits it is as
#          guessed. There is no error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent geotiff@3.0.5 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { fromArrayBuffer } from 'geotiff';

const STEPS = 4;

// A TIFF of one row of four greys, from the smallest number to the largest.
function tiff(bits, photometric) {
  const data = Buffer.alloc(Math.ceil(STEPS * bits / 8));
  for (let i = 0; i < STEPS; i++) {
    const grey = Math.floor((2 ** bits - 1) * i / (STEPS - 1));
    if (bits === 16) {
      data.writeUInt16LE(grey, i * 2);
    } else {
      data[i * bits >> 3] |= grey << 8 - bits - i * bits % 8;
    }
  }
  const SHORT = 3;
  const LONG = 4;
  const tags = [[256, SHORT, STEPS], [257, SHORT, 1], [258, SHORT, bits], [259, SHORT, 1], [262, SHORT, photometric], [273, LONG, 0],
    [277, SHORT, 1], [278, SHORT, 1], [279, LONG, data.length]];
  const header = Buffer.alloc(10 + tags.length * 12 + 4);
  header.write('II*\0', 0, 'latin1');
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, type, value], i) => {
    const at = 10 + i * 12;
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeUInt32LE(1, at + 4);
    header.writeUInt32LE(tag === 273 ? header.length : value, at + 8);
  });
  const file = Buffer.concat([header, data]);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
}

for (const bits of [1, 2, 4, 8, 16]) {
  for (const [photometric, zero] of [[1, 'black'], [0, 'white']]) {
    const image = await (await fromArrayBuffer(tiff(bits, photometric))).getImage();
    const rgb = await image.readRGB({ interleave: true });
    console.log(`${bits} bit, ${zero} is zero: ${Array.from(rgb).filter((_, i) => i % 3 === 0).join(' ')}`);
  }
}
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
1 bit, black is zero: 0 0 0 128
1 bit, white is zero: 0 0 0 128
2 bit, black is zero: 0 64 128 192
2 bit, white is zero: 0 192 128 64
4 bit, black is zero: 0 80 160 240
4 bit, white is zero: 0 176 96 16
8 bit, black is zero: 0 85 170 255
8 bit, white is zero: 0 171 86 1
16 bit, black is zero: 0 85 170 255
16 bit, white is zero: 0 170 85 0
P
echo 'as seen: white becomes black'
