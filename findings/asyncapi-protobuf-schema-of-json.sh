#!/usr/bin/env bash
# @asyncapi/protobuf-schema-parser 3.9.0 and protobufjs 8.8.1: a message's JSON does not fit the JSON schema that AsyncAPI makes of its .proto.
#
# Guessed: the schema of a payload `application/vnd.google.protobuf;version=3` describes Protobuf's own JSON: lowerCamelCase names, a map as an
#          object, a Timestamp as a text, an int64 as a text, and no field that must be there.
# Seen:    names are those of the .proto, and also required; a map<string, double> is a single number; a Timestamp is an object of seconds and
#          nanos; an int64 is an integer. What protobufjs writes of the same .proto by Protobuf's rules breaks the schema in each field
#          but the text "label". The documentation of the parser has rules for fields, oneof and enums, and none for maps or well-known types.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log
npm install --no-audit --no-fund --silent @asyncapi/protobuf-schema-parser@3.9.0 @asyncapi/parser@3.6.3 protobufjs@8.8.1 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { Parser } from '@asyncapi/parser';
import { ProtoBuffSchemaParser } from '@asyncapi/protobuf-schema-parser';
import Ajv from 'ajv';
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

const schema = `syntax = "proto3";
package a.v1;
import "google/protobuf/timestamp.proto";
message Prediction {
  string label = 1;
  uint32 class_index = 2;
  map<string, double> votes = 3;
  google.protobuf.Timestamp at = 4;
  int64 offset = 5;
}`;

const root = new protobuf.Root();
protobuf.parse(schema, root);
root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto').nested);
root.resolveAll();
protojson.install(protobuf);
const type = root.lookupType('a.v1.Prediction');
const json = type.toJson(type.create({ label: 'cat', classIndex: 1, votes: { cat: 2.5 }, at: { seconds: 5 }, offset: 7 }));
console.log('JSON: ' + JSON.stringify(json));

const parser = new Parser();
parser.registerSchemaParser(ProtoBuffSchemaParser());
const { document } = await parser.parse(JSON.stringify({
  asyncapi: '3.0.0',
  info: { title: 'a', version: '1' },
  channels: { c: { messages: { m: { payload: { schemaFormat: 'application/vnd.google.protobuf;version=3', schema } } } } },
}));
const made = JSON.parse(JSON.stringify(document.allMessages().all()[0].payload().json().schema));
const check = new Ajv.default({ allErrors: true, strict: false, validateFormats: false }).compile(made);
console.log('fits: ' + check(json));
for (const { instancePath, message } of check.errors ?? []) console.log(`${instancePath} ${message}`.trim());
console.log('parser: ' + Object.entries(made.properties).map(([name, { type }]) => `${name} ${type}`).join(', '));
J
node_modules/.bin/node main.mjs 2>log | tee out
diff out - <<'P'
JSON: {"label":"cat","classIndex":1,"votes":{"cat":2.5},"at":"1970-01-01T00:00:05Z","offset":"7"}
fits: false
must have required property 'class_index'
/votes must be number
/at must be object
/offset must be integer
parser: label string, class_index integer, votes number, at object, offset integer
P
echo 'as seen: the JSON does not fit the schema'
