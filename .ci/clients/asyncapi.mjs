// Fails when AsyncAPI's own parser finds an error in the document, or anything that is worse than a hint.
// usage: asyncapi.mjs FILE
import fs from 'node:fs';
import { Parser } from '@asyncapi/parser';

const file = process.argv[2];
const { document, diagnostics } = await new Parser().parse(fs.readFileSync(file, 'utf8'), { source: file });
const [ERROR, WARNING] = [0, 1];
const bad = diagnostics.filter(each => each.severity === ERROR || each.severity === WARNING);
for (const each of bad) console.error(`${file}: ${each.path.join('.')}: ${each.message}`);
if (!document || bad.length > 0) process.exit(1);
console.log(`${file}: ${document.channels().length} channels, ${document.allMessages().length} messages, no error`);
