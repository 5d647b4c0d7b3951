#!/usr/bin/env bash
# wav-decoder 1.3.0 and node-wav 0.0.2 (JavaScript): of 24 bits, the lowest sample becomes the highest.
#
# Guessed: a WAV of 24 bits is read as one of 16 or 32: the lowest sample is -1, 0 is 0, the highest is 1 (or just below).
# Seen:    -8388608, the lowest, becomes +1 with both, and one above it is -1 as it should be. Where a recording is clipped below, each such sample
#          is a click of the full range: of a 1000 Hz tone that is clipped at both ends 31% of the samples are on the wrong side. With
#          the option symmetric of wav-decoder, too. 8, 16 and 32 bits are as guessed. There is no error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent wav-decoder@1.3.0 node-wav@0.0.2 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import decoder from 'wav-decoder';
import nodeWav from 'node-wav';

const RATE = 16000;

// A mono WAV of the samples, as whole numbers of so many bits.
function wav(bits, samples) {
  const bytes = bits / 8;
  const file = Buffer.from(new ArrayBuffer(44 + samples.length * bytes));
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * bytes, 28);
  file.writeUInt16LE(bytes, 32);
  file.writeUInt16LE(bits, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * bytes, 40);
  samples.forEach((sample, i) => file.writeIntLE(sample, 44 + i * bytes, bytes));
  return file.buffer;
}

const readers = {
  'wav-decoder': async (file) => (await decoder.decode(file)).channelData[0],
  'wav-decoder, symmetric': async (file) => (await decoder.decode(file, { symmetric: true })).channelData[0],
  'node-wav': async (file) => nodeWav.decode(Buffer.from(file)).channelData[0],
};
for (const bits of [16, 24, 32]) {
  const half = 2 ** (bits - 1);
  const tone = Array.from({ length: RATE }, (_, i) => Math.max(-half, Math.min(half - 1, Math.round(2 * half * Math.sin(2 * Math.PI * 1000 * i / RATE)))));
  for (const [name, read] of Object.entries(readers)) {
    const ends = await read(wav(bits, [-half, -half + 1, -half / 2, 0, half / 2, half - 1]));
    const clipped = await read(wav(bits, tone));
    const flipped = tone.filter((sample, i) => Math.abs(sample / half - clipped[i]) > 0.01).length;
    console.log(`${bits} bits, ${name}: ${Array.from(ends).map((value) => value.toFixed(2)).join(' ')}; of a clipped tone ${Math.round(100 * flipped / RATE)}% are wrong`);
  }
}
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
16 bits, wav-decoder: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
16 bits, wav-decoder, symmetric: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
16 bits, node-wav: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
24 bits, wav-decoder: 1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 31% are wrong
24 bits, wav-decoder, symmetric: 1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 31% are wrong
24 bits, node-wav: 1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 31% are wrong
32 bits, wav-decoder: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
32 bits, wav-decoder, symmetric: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
32 bits, node-wav: -1.00 -1.00 -0.50 0.00 0.50 1.00; of a clipped tone 0% are wrong
P
echo 'as seen: the lowest becomes the highest'
