package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.acclimate.wire.v1.AdaptationEvent;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.ControlCommand;
import io.acclimate.wire.v1.Coordinates;
import io.acclimate.wire.v1.DeadLetter;
import io.acclimate.wire.v1.JoinRecord;
import io.acclimate.wire.v1.MiniBatch;
import io.acclimate.wire.v1.ModelVersionRecord;
import io.acclimate.wire.v1.Prediction;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.WeightChunk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules of schemas/README.md: within v1, what a field was it stays. */
class SchemaCompatibilityTest {
    private static final List<FileDescriptor> FILES = List.of(
                    AdaptationEvent.getDescriptor(),
                    Checkpoint.getDescriptor(),
                    ControlCommand.getDescriptor(),
                    Coordinates.getDescriptor(),
                    DeadLetter.getDescriptor(),
                    JoinRecord.getDescriptor(),
                    MiniBatch.getDescriptor(),
                    ModelVersionRecord.getDescriptor(),
                    Prediction.getDescriptor(),
                    StartPart.getDescriptor(),
                    WeightChunk.getDescriptor())
            .stream()
            .map(Descriptor::getFile)
            .toList();

    @Test
    void nothingOfTheBaselineIsRemovedRenamedRenumberedOrRetyped() throws IOException {
        Set<String> lost = baseline();
        lost.removeAll(current());
        assertThat(lost)
                .as("v1 must keep these; break them in a v2 package only")
                .isEmpty();
    }

    @Test
    void additionsEnterTheBaselineSoThatTheyAreKeptToo() throws IOException {
        Set<String> added = current();
        added.removeAll(baseline());
        assertThat(added)
                .as("compatible; add these lines to schema-baseline.txt")
                .isEmpty();
    }

    /** Older readers of JSON may refuse a new value of an enum, so the README names the fields that can have one. */
    @Test
    void whatIsJsonByDefaultHasNoOtherEnumsThanTheReadmeNames() {
        assertThat(enums("", Prediction.getDescriptor())).isEmpty();
        assertThat(enums("", AdaptationEvent.getDescriptor()))
                .containsExactlyInAnyOrder("judged.decision", "activated.activation.cause");
    }

    private static List<String> enums(String path, Descriptor message) {
        List<String> found = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                found.add(path + field.getJsonName());
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                found.addAll(enums(path + field.getJsonName() + ".", field.getMessageType()));
            }
        }
        return found;
    }

    @Test
    void everySchemaFileIsHeld() throws IOException {
        try (var files = Files.list(Path.of("schemas/acclimate/v1"))) {
            assertThat(FILES.stream().map(FileDescriptor::getName))
                    .containsExactlyInAnyOrderElementsOf(
                            files.filter(file -> file.toString().endsWith(".proto"))
                                    .map(file -> "acclimate/v1/" + file.getFileName())
                                    .toList());
        }
    }

    private static Set<String> baseline() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SchemaCompatibilityTest.class.getResourceAsStream("schema-baseline.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> current() {
        Set<String> lines = new TreeSet<>();
        for (FileDescriptor file : FILES) {
            file.getMessageTypes().forEach(message -> describe(message, lines));
            file.getEnumTypes().forEach(type -> describe(type, lines));
        }
        return lines;
    }

    private static void describe(Descriptor message, Set<String> lines) {
        for (FieldDescriptor field : message.getFields()) {
            String oneof = field.getRealContainingOneof() == null
                    ? ""
                    : " in " + field.getRealContainingOneof().getName();
            String many = field.isMapField() ? "map " : field.isRepeated() ? "repeated " : "";
            lines.add(message.getFullName() + "." + field.getName() + " = " + field.getNumber() + " " + many
                    + type(field) + oneof);
        }
        message.getNestedTypes().forEach(nested -> describe(nested, lines));
        message.getEnumTypes().forEach(nested -> describe(nested, lines));
    }

    private static String type(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static void describe(EnumDescriptor type, Set<String> lines) {
        type.getValues()
                .forEach(value -> lines.add(type.getFullName() + "." + value.getName() + " = " + value.getNumber()));
    }
}
