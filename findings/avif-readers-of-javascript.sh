#!/usr/bin/env bash
# sharp 0.35.5 (with libheif 1.23.5) and @jsquash/avif 2.1.1 (JavaScript): each reads AVIFs otherwise than they say, and not the same ones.
#
# Guessed: both give the picture that the file describes: brightness of the narrow range (16 to 235) widened, in grey as in colour, and the turn,
#          mirror or crop done that the container asks for.
# Seen:    sharp leaves the narrow range of a grey AVIF as it is, so that 40 is 50 and 200 is 188; in colour it widens it. @jsquash/avif, which Jimp
#          uses for AVIF, widens both, and does no turn (irot), mirror (imir) or crop (clap), which sharp does. There is no error. A picture
#          that is turned into a PNG for a service that reads no AVIF is paler or lies on its side, depending on the library.
#
# Needs avifenc (Debian's libavif-bin, 0.11.1), which writes the files.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent sharp@0.35.5 @jsquash/avif@2.1.1 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';

globalThis.ImageData ??= class {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};
const { default: decode, init } = await import('@jsquash/avif/decode.js');
await init(await WebAssembly.compile(readFileSync('node_modules/@jsquash/avif/codec/dec/avif_dec.wasm')));

// The left half is 40 and the right half 200, in grey.
const pixels = Buffer.from(Array.from({ length: 16 * 8 }, (_, i) => Array(3).fill(i % 16 < 8 ? 40 : 200)).flat());
await sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } }).png().toFile('in.png');

// The size, and the middles of the left and of the right half, to the next five.
const shown = (data, width, height, channels) => {
  const at = (x) => data[(Math.floor(height / 2) * width + x) * channels];
  return `${width}x${height} ${Math.round(at(width >> 2) / 5) * 5} ${Math.round(at(3 * width >> 2) / 5) * 5}`;
};
for (const [name, ...options] of [
  ['colour, full range', '-y', '444', '-r', 'full'],
  ['colour, narrow range', '-y', '444', '-r', 'limited'],
  ['grey, full range', '-y', '400', '-r', 'full'],
  ['grey, narrow range', '-y', '400', '-r', 'limited'],
  ['turned by a quarter', '-y', '444', '--irot', '1'],
  ['mirrored', '-y', '444', '--imir', '1'],
  ['cropped to the middle', '-y', '444', '--clap', '8,1,8,1,0,1,0,1'],
]) {
  execFileSync('avifenc', ['--min', '0', '--max', '2', '-s', '8', ...options, 'in.png', 'one.avif'], { stdio: 'ignore' });
  const file = readFileSync('one.avif');
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const other = await decode(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  console.log(`${name}: sharp ${shown(data, info.width, info.height, info.channels)}, jsquash ${shown(other.data, other.width, other.height, 4)}`);
}
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
colour, full range: sharp 16x8 40 200, jsquash 16x8 40 200
colour, narrow range: sharp 16x8 40 200, jsquash 16x8 40 200
grey, full range: sharp 16x8 40 200, jsquash 16x8 40 200
grey, narrow range: sharp 16x8 50 190, jsquash 16x8 40 200
turned by a quarter: sharp 8x16 40 40, jsquash 16x8 40 200
mirrored: sharp 16x8 200 40, jsquash 16x8 40 200
cropped to the middle: sharp 8x8 40 200, jsquash 16x8 40 200
P
echo 'as seen: two readers, two pictures'
