#!/usr/bin/env bash
# Meyda 5.6.3: the filters of mel bands and chroma are made for the first sample rate and buffer size of a process, and never again.
#
# Guessed: Meyda.sampleRate and Meyda.bufferSize may be set before each extract, as windowingFunction may, and all features follow.
# Seen:    a tone of 3000 Hz at 44,100 Hz is loudest in mel band 12. After one extract at 16,000 Hz the same samples are loudest in band 9,
#          without an error, and their MFCC and chroma differ too. After one extract with another buffer size mel bands are NaN.
#          Rolloff and the bands of loudness follow the buffer's size. So features depend on which recording a process read first.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent meyda@5.6.3 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import Meyda from 'meyda';

function features(rate, size) {
  Meyda.sampleRate = rate;
  Meyda.bufferSize = size;
  const tone = Float32Array.from({ length: size }, (_, i) => Math.sin(2 * Math.PI * 3000 * i / rate));
  const { melBands, mfcc, chroma, spectralRolloff } = Meyda.extract(['melBands', 'mfcc', 'chroma', 'spectralRolloff'], tone);
  const loudest = (values) => values.some(Number.isNaN) ? 'NaN' : values.indexOf(Math.max(...values));
  return `mel band ${loudest(melBands)}, MFCC 1 ${mfcc[1].toFixed(1)}, chroma ${loudest(chroma)}, rolloff ${Math.round(spectralRolloff)} Hz`;
}

const recordings = process.argv.slice(2);
let last;
for (const recording of recordings) last = features(...recording.split('/').map(Number));
console.log(`${recordings.join(', ')}: ${last}`);
J
{
  node_modules/.bin/node main.mjs 44100/512
  node_modules/.bin/node main.mjs 16000/512 44100/512
  node_modules/.bin/node main.mjs 16000/1024
  node_modules/.bin/node main.mjs 16000/512 16000/1024
} | tee out
diff out - <<'P'
44100/512: mel band 12, MFCC 1 3.1, chroma 6, rolloff 3199 Hz
16000/512, 44100/512: mel band 9, MFCC 1 15.0, chroma 1, rolloff 3199 Hz
16000/1024: mel band 17, MFCC 1 -19.6, chroma 6, rolloff 3022 Hz
16000/512, 16000/1024: mel band NaN, MFCC 1 NaN, chroma NaN, rolloff 3022 Hz
P
echo 'as seen: the first filters are kept'
