#!/usr/bin/env bash
# protobuf-java-util 4.36.2, protobufjs 8.8.1 and @bufbuild/protobuf 2.17.0: a float has another number in the JSON that each makes of the same bytes.
#
# Guessed: all three write the shortest number that is this float, such as 0.1, as Protobuf's mapping to JSON is one and the same for all languages.
# Seen:    Java writes 0.1; both libraries of JavaScript write the double that the float is widened to, 0.10000000149011612. Java reads that number as the
#          same float, so nothing is lost, but the texts differ, and a threshold of 0.9 holds for Java's 0.9 and not for JavaScript's 0.8999999761581421.
#          A double is written the same by all three. The specification says "number" of both.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>com.google.protobuf</groupId><artifactId>protobuf-java-util</artifactId><version>4.36.2</version></dependency></dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
npm init -y >npm.log && npm install --no-audit --no-fund --silent protobufjs@8.8.1 @bufbuild/protobuf@2.17.0 node@22.22.0 >>npm.log 2>&1
cat > Main.java <<'J'
import com.google.protobuf.DoubleValue;
import com.google.protobuf.FloatValue;
import com.google.protobuf.util.JsonFormat;
import java.util.HexFormat;
public class Main {
    public static void main(String[] args) throws Exception {
        for (float each : new float[] {0.1f, 0.9f, 0.5f, 1e-7f}) {
            FloatValue value = FloatValue.of(each);
            FloatValue.Builder read = FloatValue.newBuilder();
            JsonFormat.parser().merge(Double.toString(each), read);
            System.out.println("float " + HexFormat.of().formatHex(value.toByteArray()) + " " + JsonFormat.printer().print(value) + " " + read.build().equals(value));
        }
        DoubleValue value = DoubleValue.of(0.1);
        System.out.println("double " + HexFormat.of().formatHex(value.toByteArray()) + " " + JsonFormat.printer().print(value) + " true");
    }
}
J
java -cp 'lib/*' Main.java > java.txt
cat > main.mjs <<'J'
import { readFileSync } from 'node:fs';
import { fromBinary, toJsonString } from '@bufbuild/protobuf';
import { DoubleValueSchema, FloatValueSchema } from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import protojson from 'protobufjs/ext/protojson.js';

const root = new protobuf.Root();
protobuf.parse('syntax = "proto3"; package a; message float { float value = 1; } message double { double value = 1; }', root);
root.resolveAll();
protojson.install(protobuf);
for (const line of readFileSync('java.txt', 'utf8').trim().split('\n')) {
  const [kind, hex, java, same] = line.split(' ');
  const bytes = Buffer.from(hex, 'hex');
  const type = root.lookupType('a.' + kind);
  const schema = kind === 'float' ? FloatValueSchema : DoubleValueSchema;
  console.log(`${kind}: Java ${java} (reads the widened number as the same: ${same}), protobufjs ${type.toJson(type.decode(bytes)).value}, `
    + `bufbuild ${toJsonString(schema, fromBinary(schema, bytes))}`);
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
float: Java 0.1 (reads the widened number as the same: true), protobufjs 0.10000000149011612, bufbuild 0.10000000149011612
float: Java 0.9 (reads the widened number as the same: true), protobufjs 0.8999999761581421, bufbuild 0.8999999761581421
float: Java 0.5 (reads the widened number as the same: true), protobufjs 0.5, bufbuild 0.5
float: Java 1.0E-7 (reads the widened number as the same: true), protobufjs 1.0000000116860974e-7, bufbuild 1.0000000116860974e-7
double: Java 0.1 (reads the widened number as the same: true), protobufjs 0.1, bufbuild 0.1
P
echo 'as seen: the numbers differ'
