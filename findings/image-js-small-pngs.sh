#!/usr/bin/env bash
# image-js 1.7.0 with its fast-png 8.0.0 (JavaScript): small palettes are sheared, and a black and white PNG is black.
#
# Guessed: decode gives the picture that pngjs 7.0.0 (and Pillow) give, for each width and depth, or says that it cannot.
# Seen:    with a palette of up to 16 colours, each row behind the first begins some pixels too late when the width does not fill whole bytes;
#          with 8 pixels it is right. A grey picture of 1 bit is right when 5 wide and all black when 8 wide. Neither is an error; grey of 2 or
#          4 bits is ("incorrect data size"). Many tools write small palettes by themselves, to save space.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent image-js@1.7.0 fast-png@8.0.0 pngjs@7.0.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

// A PNG of rows of samples. In the file each row begins with a whole byte. A palette gives each sample the grey that it has without one.
function png(rows, bits, palette) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0].length, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([bits, palette ? 3 : 0], 8);
  const packed = rows.map((row) => {
    const bytes = Buffer.alloc(1 + Math.ceil(row.length * bits / 8));
    row.forEach((sample, x) => { bytes[1 + (x * bits >> 3)] |= sample << 8 - bits - x * bits % 8; });
    return bytes;
  });
  const most = (1 << bits) - 1;
  const colours = Array.from({ length: most + 1 }, (_, sample) => Array(3).fill(sample * 255 / most)).flat();
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Buffer.from(colours))] : []), chunk('IDAT', deflateSync(Buffer.concat(packed))), chunk('IEND', Buffer.alloc(0))]);
}

// Samples that count up over the picture.
const picture = (width, bits) => [0, 1, 2].map((y) => Array.from({ length: width }, (_, x) => (y * width + x) * 5 % 7 & (1 << bits) - 1));
const reds = (rgba) => Array.from(rgba).filter((_, i) => i % 4 === 0).join(' ');

import { decode } from 'image-js';
import { PNG } from 'pngjs';

for (const [width, bits, palette] of [[5, 1, true], [5, 4, true], [8, 4, true], [5, 8, true], [5, 1], [8, 1], [5, 8]]) {
  const file = png(picture(width, bits), bits, palette);
  const wanted = reds(PNG.sync.read(file).data);
  const got = reds(decode(file).convertColor('RGBA').getRawImage().data);
  console.log(`${width} wide, ${bits} bit${palette ? ', palette' : ''}: ` + (got === wanted ? 'the same' : `${got} and not ${wanted}`));
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
5 wide, 1 bit, palette: 0 255 255 255 0 0 0 0 0 0 0 255 255 0 0 and not 0 255 255 255 0 0 0 0 255 255 255 0 0 0 0
5 wide, 4 bit, palette: 0 85 51 17 102 0 68 34 0 85 51 0 17 102 68 and not 0 85 51 17 102 68 34 0 85 51 17 102 68 34 0
8 wide, 4 bit, palette: the same
5 wide, 8 bit, palette: the same
5 wide, 1 bit: the same
8 wide, 1 bit: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 and not 0 255 255 255 0 0 0 0 255 255 255 0 0 0 0 255 255 255 0 0 0 0 255 255
5 wide, 8 bit: the same
P
echo 'as seen: other pictures without an error'
