#!/usr/bin/env bash
# numpy-parser 1.2.3 (JavaScript): a vector in an .npy file has the shape of a matrix with one column.
#
# Guessed: the shape is the one that NumPy writes and npyjs 1.2.0 reads: [3] for a vector of three numbers.
# Seen:    it is [3, 1], because a 1 is put behind the comma that ends a tuple of one number. Matrices, scalars and empty arrays have theirs.
#          Whoever derives the shape of a tensor from it sends one that the model does not take, or that is broadcast elsewhere.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent numpy-parser@1.2.3 npyjs@1.2.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import npyjs from 'npyjs';
import { fromArrayBuffer } from 'numpy-parser';

// An .npy file of version 1.0 with float32 numbers, as numpy.save writes it.
function npy(shape, count) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const head = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = head + ' '.repeat(63 - (head.length + 10) % 64) + '\n';
  const file = Buffer.alloc(10 + padded.length + 4 * count);
  file.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  file.writeUInt16LE(padded.length, 8);
  file.write(padded, 10, 'latin1');
  for (let i = 0; i < count; i++) file.writeFloatLE(i, 10 + padded.length + 4 * i);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
}

for (const [shape, count] of [[[3], 3], [[2, 3], 6], [[2, 1, 3], 6], [[], 1], [[0, 3], 0]]) {
  const file = npy(shape, count);
  const by = new npyjs().parse(file).shape;
  console.log(`${JSON.stringify(shape)}: npyjs ${JSON.stringify(by)}, numpy-parser ${JSON.stringify(fromArrayBuffer(file).shape)}`);
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
[3]: npyjs [3], numpy-parser [3,1]
[2,3]: npyjs [2,3], numpy-parser [2,3]
[2,1,3]: npyjs [2,1,3], numpy-parser [2,1,3]
[]: npyjs [], numpy-parser []
[0,3]: npyjs [0,3], numpy-parser [0,3]
P
echo 'as seen: a vector becomes a column'
