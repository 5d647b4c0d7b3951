#!/usr/bin/env bash
# @asyncapi/modelina 5.10.1: TypeScript interfaces have other property names than the JSON that they describe.
#
# Guessed: an interface has the names of the schema, since nothing stands between it and what JSON.parse gives; a name that TypeScript reserves,
#          such as class, is one too, because a property may have any name.
# Seen:    class and number, but also image, images, name, reset and status become reservedImage and so on. A program that is written by the
#          interface compiles and reads undefined; one that reads image is refused by the compiler. With rawPropertyNames the names are
#          those of the schema, which includes AsyncAPI documents.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log
npm install --no-audit --no-fund --silent --ignore-scripts @asyncapi/modelina@5.10.1 typescript@5.9.3 >>npm.log 2>&1
cat > generate.mjs <<'J'
import { TypeScriptGenerator } from '@asyncapi/modelina';
import fs from 'node:fs';

const names = ['label', 'image', 'images', 'name', 'number', 'reset', 'status', 'class', 'value', 'key'];
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#', $id: 'Sample', type: 'object', additionalProperties: false,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
};
for (const rawPropertyNames of [false, true]) {
  const [model] = await new TypeScriptGenerator({ modelType: 'interface', rawPropertyNames }).generate(schema);
  const properties = [...model.result.matchAll(/^ *'?(\w+)'?\?:/gm)].map((match) => match[1]);
  console.log(`raw ${rawPropertyNames}: ${properties.join(' ')}`);
  if (rawPropertyNames) continue;
  const reading = (name) => `${model.result}\nconst sample: Sample = JSON.parse('{"image": "cat-1", "label": "cat"}');
console.log('read as ${name}: ' + sample.${name} + ', label: ' + sample.label);\n`;
  fs.writeFileSync('written.ts', reading('reservedImage'));
  fs.writeFileSync('parsed.ts', reading('image'));
}
J
node generate.mjs | tee out
node_modules/.bin/tsc --strict --skipLibCheck written.ts && node written.js | tee -a out
(node_modules/.bin/tsc --strict --skipLibCheck --noEmit parsed.ts || true) | sed -n 's/.*: error \(TS[0-9]*\).*/reading image: \1/p' | tee -a out
diff out - <<'P'
raw false: label reservedImage reservedImages reservedName reservedNumber reservedReset reservedStatus reservedClass value key
raw true: label image images name number reset status class value key
read as reservedImage: undefined, label: cat
reading image: TS2339
P
echo 'as seen: the interface has other names than the JSON'
