#!/usr/bin/env bash
# wavefile 11.0.0 (JavaScript): a WAV of floats in the extensible format is read as one of integers.
#
# Guessed: samples are the same whether the header names their kind itself or in the subformat of WAVE_FORMAT_EXTENSIBLE, which recorders and
#          editors write for more than two channels or more than 16 bits.
# Seen:    of integers, and of floats of 64 bits, they are the same. Floats of 32 bits in an extensible file are read as integers with the same
#          bits: toBitDepth('32f') makes values near 0.5 and -0.5 of a quiet tone. There is no error: a loud noise goes into the spectrogram.
#          This call, then toSampleRate, is how a WAV is brought to a model of sound in Node.js. wav-decoder 1.3.0 refuses such a file
#          by its number.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent wavefile@11.0.0 wav-decoder@1.3.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import decoder from 'wav-decoder';
import wavefile from 'wavefile';

const samples = [0, 0.25, -0.25, 0.125, -1, 0.001];
const [INTEGERS, FLOATS, EXTENSIBLE] = [1, 3, 0xfffe];

function chunk(name, data) {
  const head = Buffer.alloc(8);
  head.write(name);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
}

function wav(kind, bits, extensible) {
  const bytes = bits / 8;
  const data = Buffer.alloc(samples.length * bytes);
  samples.forEach((sample, i) => {
    if (kind === INTEGERS) data.writeIntLE(Math.round(sample * 2 ** (bits - 1)), i * bytes, bytes);
    else if (bits === 32) data.writeFloatLE(sample, i * bytes);
    else data.writeDoubleLE(sample, i * bytes);
  });
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? EXTENSIBLE : kind, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(16000, 4);
  format.writeUInt32LE(16000 * bytes, 8);
  format.writeUInt16LE(bytes, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt32LE(4, 20);
    format.writeUInt16LE(kind, 24);
    Buffer.from('000000001000800000aa00389b71', 'hex').copy(format, 26);
  }
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('data', data)]));
}

for (const [kind, bits] of [[INTEGERS, 16], [INTEGERS, 32], [FLOATS, 32], [FLOATS, 64]]) {
  for (const extensible of [false, true]) {
    const file = wav(kind, bits, extensible);
    const read = new wavefile.WaveFile(file);
    read.toBitDepth('32f');
    const values = Array.from(read.getSamples(false), (value) => value.toFixed(3)).join(' ');
    const other = await decoder.decode(file).then((decoded) => Array.from(decoded.channelData[0], (value) => value.toFixed(3)).join(' '),
      (error) => error.message);
    console.log(`${kind === FLOATS ? 'floats' : 'integers'} of ${bits} bits${extensible ? ', extensible' : ''}: ${values} (wav-decoder: ${other})`);
  }
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
integers of 16 bits: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: 0.000 0.250 -0.250 0.125 -1.000 0.001)
integers of 16 bits, extensible: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: Unsupported format in WAV file: 0xfffe)
integers of 32 bits: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: 0.000 0.250 -0.250 0.125 -1.000 0.001)
integers of 32 bits, extensible: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: Unsupported format in WAV file: 0xfffe)
floats of 32 bits: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: 0.000 0.250 -0.250 0.125 -1.000 0.001)
floats of 32 bits, extensible: 0.000 0.488 -0.512 0.484 -0.504 0.457 (wav-decoder: Unsupported format in WAV file: 0xfffe)
floats of 64 bits: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: 0.000 0.250 -0.250 0.125 -1.000 0.001)
floats of 64 bits, extensible: 0.000 0.250 -0.250 0.125 -1.000 0.001 (wav-decoder: Unsupported format in WAV file: 0xfffe)
P
echo 'as seen: the subformat is passed over'
