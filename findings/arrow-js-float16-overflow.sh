#!/usr/bin/env bash
# apache-arrow 21.2.0 (JavaScript): a number that is too large for a float of 16 bits becomes a small one.
#
# Guessed: a Float16 vector keeps the nearest float of 16 bits, as numpy's float16 and Math.f16round do: 65504 is the largest, and what is larger
#          becomes Infinity, so that it is seen.
# Seen:    up to 65504 it is as guessed, and 65520 becomes Infinity; but 70000 becomes 2.13, 100000 becomes 3.05 and a million 3.81, with the
#          sign of the number. A table written by tableToIPC has the wrong bits in it. Sums of features and scores before a softmax can be so large.
#          There is no error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent apache-arrow@21.2.0 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { Float16, Table, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow';

const numbers = [0.1, -2.5, 2049, 65504, 65520, 70000, 100000, -100000, 131072, 1e6, 1e38, -Infinity];
const kept = tableFromIPC(tableToIPC(new Table({ x: vectorFromArray(numbers, new Float16()) }))).getChild('x');
numbers.forEach((number, i) => console.log(`${number}: ${kept.get(i)}`));
J
node_modules/.bin/node main.mjs 2>err | tee out || { cat err; exit 1; }
diff out - <<'P'
0.1: 0.0999755859375
-2.5: -2.5
2049: 2050
65504: 65504
65520: Infinity
70000: 2.134765625
100000: 3.05078125
-100000: -3.05078125
131072: 2
1000000: 3.814453125
1e+38: Infinity
-Infinity: -Infinity
P
echo 'as seen: what is too large becomes small'
