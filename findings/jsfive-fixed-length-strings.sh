#!/usr/bin/env bash
# jsfive 0.4.2 (JavaScript): class names of fixed length in an HDF5 file end with NUL characters, and whole numbers of 64 bits are rounded.
#
# Guessed: jsfive reads what h5wasm 0.10.3 (HDF5's own library) wrote as h5wasm does, names without what fills them up, and int64 exactly or not at all.
# Seen:    a dataset of strings of a fixed length gives names with NUL up to that length, which look the same when
#          they are printed and are no class of any list; strings of variable length are as they were written. The int64 9007199254740993, as
#          ids and times in nanoseconds are, is 9007199254740992, without an error. Floats and bytes are equal.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent jsfive@0.4.2 h5wasm@0.10.3 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { readFileSync } from 'node:fs';
import * as five from 'jsfive';
import wasm from 'h5wasm/node';

await wasm.ready;
const written = new wasm.File('labels.h5', 'w');
written.create_dataset({ name: 'fixed', data: ['bag', 'sandal'], dtype: 'S8' });
written.create_dataset({ name: 'variable', data: ['bag', 'sandal'] });
written.create_dataset({ name: 'ids', data: new BigInt64Array([9007199254740993n, -1n]), dtype: '<q' });
written.create_dataset({ name: 'pixels', data: new Uint8Array([0, 128, 255]), dtype: '<B' });
written.create_dataset({ name: 'scores', data: new Float32Array([0.1, -2.5]), dtype: '<f' });
written.close();

const bytes = readFileSync('labels.h5');
const byFive = new five.File(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), 'labels.h5');
const byWasm = new wasm.File('labels.h5', 'r');
const text = (value) => JSON.stringify(Array.from(value, (each) => typeof each === 'bigint' ? String(each) : each));
for (const name of ['fixed', 'variable', 'ids', 'pixels', 'scores']) {
  console.log(`${name}: h5wasm ${text(byWasm.get(name).value)}, jsfive ${text(byFive.get(name).value)}`);
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
fixed: h5wasm ["bag","sandal"], jsfive ["bag\u0000\u0000\u0000\u0000\u0000","sandal\u0000\u0000"]
variable: h5wasm ["bag","sandal"], jsfive ["bag","sandal"]
ids: h5wasm ["9007199254740993","-1"], jsfive [9007199254740992,-1]
pixels: h5wasm [0,128,255], jsfive [0,128,255]
scores: h5wasm [0.10000000149011612,-2.5], jsfive [0.10000000149011612,-2.5]
P
echo 'as seen: names end with NUL'
