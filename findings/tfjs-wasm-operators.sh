#!/usr/bin/env bash
# TensorFlow.js 4.22.0: its WebAssembly backend answers otherwise than its CPU backend for four operators, without an error.
#
# Guessed: the backends cpu and wasm give the same numbers, within rounding, for each operator that both have.
# Seen:    of 136 calls four differ in finite values by more than rounding. maxPool3d with padding "same" counts the padding as 0, so that
#          it answers 0 where all is negative. maxPool that rounds its size up ("ceil") answers 0 for what rounding up adds. gather with
#          batchDims takes numbers of other rows. image.transform with "reflect" repeats the pixel at the border. Also, clipByValue and relu6
#          make a number of NaN. There is no error. A page gets the backend that its browser has, and with it other features.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0 \
    @tensorflow/tfjs-backend-wasm@4.22.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

setWasmPaths(path.resolve('node_modules/@tensorflow/tfjs-backend-wasm/dist') + '/');
const counting = (shape, from = 1) => tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i + from), shape);
const calls = {
  'maxPool, rounded down': () => tf.maxPool(counting([1, 3, 3, 1]), 2, 2, 0, 'floor'),
  'maxPool, rounded up': () => tf.maxPool(counting([1, 3, 3, 1]), 2, 2, 0, 'ceil'),
  'maxPool, same, of -9 to -1': () => tf.maxPool(counting([1, 3, 3, 1], -9), 2, 2, 'same'),
  'maxPool3d, same, of -27 to -1': () => tf.maxPool3d(counting([1, 3, 3, 3, 1], -27), 2, 2, 'same'),
  gather: () => tf.gather(counting([2, 3]), tf.tensor1d([2, 0], 'int32'), 1),
  'gather, batchDims 1, two of three rows': () =>
    tf.slice(tf.gather(counting([3, 4]), tf.tensor2d([[0, 1], [2, 3], [1, 1]], [3, 2], 'int32'), 1, 1), [0, 0], [2, 2]),
  'transform by 3 to the right, reflect': () => tf.image.transform(counting([1, 1, 5, 1]), tf.tensor2d([[1, 0, -3, 0, 1, 0, 0, 0]]), 'nearest', 'reflect'),
  'clipByValue of NaN': () => tf.clipByValue(tf.tensor1d([NaN, 3]), -1, 2),
};
const answers = {};
for (const backend of ['cpu', 'wasm']) {
  await tf.setBackend(backend);
  for (const [name, call] of Object.entries(calls)) {
    (answers[name] ??= []).push(Array.from(await call().data()).map((value) => Math.round(value * 100) / 100).join(' '));
  }
}
for (const [name, [cpu, wasm]] of Object.entries(answers)) {
  console.log(`${name}: ${cpu}` + (cpu === wasm ? '' : `; wasm: ${wasm}`));
}
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
maxPool, rounded down: 5
maxPool, rounded up: 5 6 8 9; wasm: 5 0 0 0
maxPool, same, of -9 to -1: -5 -4 -2 -1
maxPool3d, same, of -27 to -1: -14 -13 -11 -10 -5 -4 -2 -1; wasm: 0 0 0 0 0 0 0 0
gather: 3 1 6 4
gather, batchDims 1, two of three rows: 1 2 7 8; wasm: 1 2 8 6
transform by 3 to the right, reflect: 3 2 1 1 2; wasm: 5 5 5 1 2
clipByValue of NaN: NaN 2; wasm: -1 2
P
echo 'as seen: four operators differ'
