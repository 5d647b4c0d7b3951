#!/usr/bin/env bash
# Kafka Connect 4.4.0: three transforms stop at a record without a value, which the others let pass.
#
# Guessed: a transform of the value (...$Value) lets a tombstone pass as it is, since there is nothing to change and Connect's own documentation
#          tells sinks to expect null.
# Seen:    Cast, ExtractField, Flatten, InsertField, ReplaceField, SetSchemaMetadata and TimestampConverter do. HeaderFrom, MaskField and
#          ValueToKey throw a DataException ("Only Map objects supported ..., found: null"), with a schema and without, which ends the task by
#          default. So a connector runs until the first key of a compacted topic is deleted, or until the first label that names its
#          image by id. HoistField makes a value of it, {"f": null}, which is no tombstone any more.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'P'
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>4.4.0</version></dependency>
</dependencies></project>
P
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies -DoutputDirectory=lib
cat > Main.java <<'J'
import java.util.Map;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.*;
public class Main {
    static void show(String name, Transformation<SinkRecord> transform, Map<String, String> settings) {
        transform.configure(settings);
        String line = name;
        for (Schema schema : new Schema[] {null, SchemaBuilder.struct().optional().field("f", Schema.OPTIONAL_STRING_SCHEMA).build()}) {
            String answer;
            try {
                Object value = transform.apply(new SinkRecord("labels", 0, Schema.STRING_SCHEMA, "image-1", schema, null, 7)).value();
                answer = value == null ? "passes" : "becomes a " + (value instanceof Map<?, ?> map ? "Map " + map : value.getClass().getSimpleName());
            } catch (DataException e) {
                answer = "DataException";
            }
            line += (schema == null ? ": " : ", with a schema ") + answer;
        }
        System.out.println(line);
    }
    public static void main(String[] a) {
        show("Cast", new Cast.Value<>(), Map.of("spec", "f:string"));
        show("ExtractField", new ExtractField.Value<>(), Map.of("field", "f"));
        show("Flatten", new Flatten.Value<>(), Map.of());
        show("InsertField", new InsertField.Value<>(), Map.of("static.field", "g", "static.value", "v"));
        show("ReplaceField", new ReplaceField.Value<>(), Map.of("exclude", "f"));
        show("SetSchemaMetadata", new SetSchemaMetadata.Value<>(), Map.of("schema.name", "s"));
        show("TimestampConverter", new TimestampConverter.Value<>(), Map.of("field", "f", "target.type", "string", "format", "yyyy"));
        show("HeaderFrom", new HeaderFrom.Value<>(), Map.of("fields", "f", "headers", "label", "operation", "copy"));
        show("MaskField", new MaskField.Value<>(), Map.of("fields", "f"));
        show("ValueToKey", new ValueToKey<>(), Map.of("fields", "f"));
        show("HoistField", new HoistField.Value<>(), Map.of("field", "f"));
    }
}
J
java -cp 'lib/*' Main.java 2>log | tee out
diff out - <<'J'
Cast: passes, with a schema passes
ExtractField: passes, with a schema passes
Flatten: passes, with a schema passes
InsertField: passes, with a schema passes
ReplaceField: passes, with a schema passes
SetSchemaMetadata: passes, with a schema passes
TimestampConverter: passes, with a schema passes
HeaderFrom: DataException, with a schema DataException
MaskField: DataException, with a schema DataException
ValueToKey: DataException, with a schema DataException
HoistField: becomes a Map {f=null}, with a schema becomes a Struct
J
echo 'as seen: three do not take a tombstone, and one makes a value of it'
