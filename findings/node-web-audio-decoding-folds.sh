#!/usr/bin/env bash
# node-web-audio-api 2.2.0 (Web Audio in Node.js): decodeAudioData brings sound to a lower rate without a filter, so that high tones become low ones.
#
# Guessed: an OfflineAudioContext of 16,000 Hz, by which JavaScript brings a file to the rate of a model, decodes a tone of 15,000 Hz in a file of
#          48,000 Hz to silence, as sox and FFmpeg do, and one of 1000 Hz to 1000 Hz.
# Seen:    1000 Hz is as guessed. 15,000 Hz becomes 1000 Hz, 0.7 as loud as it was. A buffer of the higher rate that is played in
#          such a context is as loud as before. There is no error. Hiss and the sharp sounds of speech stand in the lower bands of a
#          spectrogram then, which a model that was trained on filtered sound has not seen.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent node-web-audio-api@2.2.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { OfflineAudioContext } from 'node-web-audio-api';

const FROM = 48000;
const TO = 16000;
const wave = (tone) => Float32Array.from({ length: FROM }, (_, i) => Math.sin(2 * Math.PI * tone * i / FROM) / 2);

// A WAV of one channel and 16 bits.
function wav(samples) {
  const out = Buffer.alloc(44 + samples.length * 2);
  out.write('RIFF', 0);
  out.writeUInt32LE(out.length - 8, 4);
  out.write('WAVEfmt ', 8);
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(FROM, 24);
  out.writeUInt32LE(FROM * 2, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36);
  out.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => out.writeInt16LE(Math.round(sample * 32767), 44 + i * 2));
  return out.buffer.slice(out.byteOffset, out.byteOffset + out.length);
}

// How loud it is, 1 being as loud as the tone was, and its pitch by the signs that change.
function heard(samples) {
  const middle = samples.slice(TO / 4, TO * 3 / 4);
  const loud = Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length) * Math.sqrt(8);
  const pitch = middle.filter((sample, i) => i > 0 && sample < 0 !== middle[i - 1] < 0).length;
  return loud < 0.05 ? 'silence' : `${loud.toFixed(1)} as loud, at ${Math.round(pitch / 10) * 10} Hz`;
}

for (const tone of [1000, 15000]) {
  const decoded = await new OfflineAudioContext(1, TO, TO).decodeAudioData(wav(wave(tone)));
  console.log(`${tone} Hz, decoded: ${heard(decoded.getChannelData(0))}`);
  const context = new OfflineAudioContext(1, TO, TO);
  const source = context.createBufferSource();
  const buffer = context.createBuffer(1, FROM, FROM);
  buffer.copyToChannel(wave(tone), 0);
  source.buffer = buffer;
  source.connect(context.destination);
  source.start();
  console.log(`${tone} Hz, played: ${heard((await context.startRendering()).getChannelData(0))}`);
}
process.exit(0);
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
1000 Hz, decoded: 1.0 as loud, at 1000 Hz
1000 Hz, played: 1.0 as loud, at 1000 Hz
15000 Hz, decoded: 0.7 as loud, at 1000 Hz
15000 Hz, played: 1.0 as loud, at 1000 Hz
P
echo 'as seen: high tones become low ones'
