#!/usr/bin/env bash
# Kafka 4.4.0: formatting a folder already makes the folder of the metadata log, with a checkpoint in it; Kafka 4.3.1 does not.
#
# Guessed: `__cluster_metadata-0` is there once a node has run on the folder, as with 4.3.1, which leaves `bootstrap.checkpoint` beside it.
# Seen:    4.4.0 puts the bootstrap records into that folder when it formats. Whoever takes the folder without `.kafka_cleanshutdown` for
#          what a killed node has left takes each new node for one: the embedded broker waited ten seconds for a session that never was.
#          The log file in it, which the first start begins, tells the two apart.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for version in 4.3.1 4.4.0; do
  mkdir "$version"
  cat > "$version/pom.xml" <<P
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
</dependencies></project>
P
  mvn -q -B -f "$version/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib >mvn.log
  cat > "$version/server.properties" <<P
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters=1@localhost:9093
log.dirs=$work/$version/data
P
  java -cp "$version/lib/*" kafka.tools.StorageTool format -t 4L6g3nShT-eMCtK--X86sw -c "$version/server.properties" >format.log 2>&1
  (cd "$version/data" && find . -type f | sort | sed "s|^\./|$version: |")
done | tee out
diff out - <<'P'
4.3.1: bootstrap.checkpoint
4.3.1: meta.properties
4.4.0: __cluster_metadata-0/00000000000000000000-0000000000.checkpoint
4.4.0: meta.properties
P
echo 'as seen: the folder of the metadata log is there before anything ran'
