#!/usr/bin/env bash
# upng-js 2.1.0 (JavaScript): a grey PNG of 1, 2 or 4 bits is sheared when its width does not fill whole bytes.
#
# Guessed: UPNG.toRGBA8 gives the picture that pngjs 7.0.0 (and Pillow) give, for each width and depth.
# Seen:    of a grey picture 5 pixels wide, each row behind the first begins some pixels too late, with the bits that fill up the row before, and
#          the last pixels are lost; there is no error. With 8 pixels, 8 bits or a palette it is the same picture. Scans and masks
#          are such files. A model answers for a picture that the user would not recognise.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent upng-js@2.1.0 pngjs@7.0.0 node@22.22.0 >>npm.log 2>&1
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

import { PNG } from 'pngjs';
import UPNG from 'upng-js';

for (const [width, bits, palette] of [[5, 1], [5, 2], [5, 4], [5, 8], [8, 1], [8, 4], [5, 4, true]]) {
  const file = png(picture(width, bits), bits, palette);
  const bytes = new Uint8Array(file);
  const wanted = reds(PNG.sync.read(file).data);
  const got = reds(new Uint8Array(UPNG.toRGBA8(UPNG.decode(bytes.buffer))[0]));
  console.log(`${width} wide, ${bits} bit${palette ? ', palette' : ''}: ` + (got === wanted ? 'the same' : `${got} and not ${wanted}`));
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
5 wide, 1 bit: 0 255 255 255 0 0 0 0 0 0 0 255 255 0 0 and not 0 255 255 255 0 0 0 0 255 255 255 0 0 0 0
5 wide, 2 bit: 0 85 255 85 170 0 0 0 0 170 0 85 255 0 0 and not 0 85 255 85 170 0 170 0 85 255 85 170 0 170 0
5 wide, 4 bit: 0 85 51 17 102 0 68 34 0 85 51 0 17 102 68 and not 0 85 51 17 102 68 34 0 85 51 17 102 68 34 0
5 wide, 8 bit: the same
8 wide, 1 bit: the same
8 wide, 4 bit: the same
5 wide, 4 bit, palette: the same
P
echo 'as seen: rows are shifted'
