#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java, Linux): opening the environment writes an identifier of the device and a database of reports to the user's cache.
#
# Guessed: a library that runs models writes nothing outside of what it is given; what reports, reports on Windows, and setTelemetry(false) ends it.
# Seen:    with nothing but OrtEnvironment.getEnvironment() a device id and a database appear under ~/.cache/Microsoft, in a process that has
#          opened no model; with ORT_DISABLE_TELEMETRY=1 in the environment nothing does. OrtEnvironment.setTelemetry(false) comes too late for both files.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import ai.onnxruntime.OrtEnvironment;

public class Main {
    public static void main(String[] quiet) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (quiet.length > 0) {
            environment.setTelemetry(false);
        }
        System.out.println(environment.getVersion());
    }
}
J
javac -cp 'lib/*' Main.java
kept() { # NAME VARIABLE=VALUE... -- arguments
  local home="$work/$1" settings=() ; shift
  while [ "$1" != -- ]; do settings+=("$1"); shift; done; shift
  mkdir "$home"
  env -i PATH="$PATH" HOME="$home" "${settings[@]}" java -Djava.io.tmpdir="$work" -cp 'lib/*:.' Main "$@" >"$home.out" 2>&1
  (cd "$home" && find . -type f | sed 's/[0-9a-f-]\{32,\}/ID/' | LC_ALL=C sort)
}
{
  echo "by itself:"; kept itself --
  echo "with ORT_DISABLE_TELEMETRY=1:"; kept variable ORT_DISABLE_TELEMETRY=1 --
  echo "with setTelemetry(false):"; kept call -- quiet
} | tee out
diff out - <<'P'
by itself:
./.cache/Microsoft/DeveloperTools/.onnxruntime/deviceid
./.cache/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db
with ORT_DISABLE_TELEMETRY=1:
with setTelemetry(false):
./.cache/Microsoft/DeveloperTools/.onnxruntime/deviceid
./.cache/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db
P
echo 'as seen: an identifier and a database are kept unless the variable says no'
