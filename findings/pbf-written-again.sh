#!/usr/bin/env bash
# pbf 5.2.1 (JavaScript): a message that its generated code has read and writes again is another message, where it has a oneof or a NaN.
#
# Guessed: write(read(bytes)) is the message that protobufjs 8.8.1 wrote: a oneof has the member that it had, or none, and a double that is NaN
#          is NaN. The code knows the member: its objects name it ("what").
# Seen:    read gives each member its default, and write writes each that is not null, whatever "what" says. An unset oneof of a text and a
#          number becomes the number 0, and so does one with the text "cat", since the last member counts. A NaN is falsy and is not
#          written, so that a reader has 0 in its place. An optional number that is 0 loses its presence; the documentation says so of what is
#          read. There is no error. Negative numbers, 64 bits, maps, packed and nested fields are the same.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent --ignore-scripts pbf@5.2.1 resolve-protobuf-schema@2.1.0 protobufjs@8.8.1 >>npm.log 2>&1
cat > answer.proto <<'P'
syntax = "proto3";
message Answer {
  string id = 1;
  int32 index = 2;
  int64 version = 3;
  repeated float scores = 4;
  map<string, double> means = 5;
  Place place = 6;
  double loss = 7;
  optional int32 halvings = 8;
  oneof what {
    string label = 9;
    int32 number = 10;
  }
}
message Place {
  sint64 offset = 1;
}
P
node node_modules/pbf/bin/pbf answer.proto > answer.mjs
cat > main.mjs <<'J'
import { PbfReader, PbfWriter } from 'pbf';
import protobuf from 'protobufjs';
import { readAnswer, writeAnswer } from './answer.mjs';

const Answer = protobuf.loadSync('answer.proto').lookupType('Answer');
const show = (bytes) => JSON.stringify(Answer.toObject(Answer.decode(bytes), { longs: String, json: true }));
const answers = [
  { id: 'a', index: -3, version: '1099511627776', scores: [0, 0.5, -1], means: { '': 0, b: -0.5 }, place: { offset: '-5000000000' }, number: 7 },
  { id: 'b' },
  { id: 'c', label: 'cat' },
  { id: 'd', loss: NaN, number: 1 },
  { id: 'e', halvings: 0, number: 1 },
];
for (const answer of answers) {
  const bytes = Answer.encode(Answer.fromObject(answer)).finish();
  const writer = new PbfWriter();
  writeAnswer(readAnswer(new PbfReader(bytes)), writer);
  const again = show(writer.finish());
  console.log(show(bytes), again === show(bytes) ? 'is the same' : `becomes ${again}`);
}
J
node main.mjs | tee out
diff out - <<'J'
{"id":"a","index":-3,"version":"1099511627776","scores":[0,0.5,-1],"means":{"":0,"b":-0.5},"place":{"offset":"-5000000000"},"number":7} is the same
{"id":"b"} becomes {"id":"b","number":0}
{"id":"c","label":"cat"} becomes {"id":"c","number":0}
{"id":"d","loss":"NaN","number":1} becomes {"id":"d","number":1}
{"id":"e","halvings":0,"number":1} becomes {"id":"e","number":1}
J
echo 'as seen: a oneof and a NaN do not survive'
