package io.acclimate.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic's schema as a registry knows it: the subject {@code TOPIC-value} and one file that holds all messages. References
 * between subjects would need more requests and a subject for each of our files. This way the registry's compatibility check
 * sees a change of a common message as a change of every topic that carries it.
 *
 * <p>Any thread may frame messages once {@link SchemaRegistry} has registered the schema.
 */
public final class TopicSchema {
    private static final String OWN = "acclimate/v1/";

    private final String subject;
    private final Descriptor type;
    /** Null until registered; never changed in place. */
    private volatile byte @Nullable [] frame;

    private TopicSchema(String topic, Descriptor type) {
        this.subject = topic + "-value";
        this.type = type;
    }

    public static TopicSchema predictions(Topics topics) {
        return new TopicSchema(topics.predictions(), io.acclimate.wire.v1.Prediction.getDescriptor());
    }

    public static TopicSchema adaptationEvents(Topics topics) {
        return new TopicSchema(topics.adaptationEvents(), io.acclimate.wire.v1.AdaptationEvent.getDescriptor());
    }

    public String subject() {
        return subject;
    }

    /** The {@code .proto} text that is registered, made from the files on the classpath. */
    public String text() {
        return new Flattening().of(type.getFile().getName());
    }

    void registeredAs(int id) {
        // The file that is registered begins with the messages of the type's own file, in their order.
        frame = new SchemaFrame(id, List.of(type.getIndex())).bytes();
    }

    byte[] framed(MessageLite message) {
        byte[] prefix = frame;
        if (prefix == null) {
            throw new IllegalStateException("the schema of " + subject + " is not registered yet");
        }
        byte[] bytes = new byte[prefix.length + message.getSerializedSize()];
        System.arraycopy(prefix, 0, bytes, 0, prefix.length);
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, prefix.length, bytes.length - prefix.length);
            message.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("a message takes as many bytes as it says", e);
        }
        return bytes;
    }

    /** One schema file that also contains the messages of the files that it imports. All files share package and options. */
    private static final class Flattening {
        private final Set<String> seen = new LinkedHashSet<>();
        private final Set<String> foreign = new LinkedHashSet<>();
        private final StringBuilder head = new StringBuilder();
        private final StringBuilder body = new StringBuilder();

        String of(String file) {
            add(file);
            return head + String.join("\n", foreign) + "\n" + body.toString().replaceAll("\n{3,}", "\n\n");
        }

        private void add(String file) {
            if (!seen.add(file)) {
                return;
            }
            Set<String> imported = new LinkedHashSet<>();
            for (String line : resource(file).lines().toList()) {
                if (line.startsWith("import \"" + OWN)) {
                    imported.add(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')));
                } else if (line.startsWith("import ")) {
                    foreign.add(line);
                } else if (line.startsWith("syntax ") || line.startsWith("package ") || line.startsWith("option ")) {
                    if (seen.size() == 1) {
                        head.append(line).append('\n');
                    }
                } else if (!line.startsWith("// Licensed ")) {
                    body.append(line).append('\n');
                }
            }
            imported.forEach(this::add);
        }

        private static String resource(String file) {
            try (InputStream in = TopicSchema.class.getResourceAsStream("/schemas/" + file)) {
                if (in == null) {
                    throw new IllegalStateException("the schema " + file + " is missing from the classpath");
                }
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("the schema " + file + " cannot be read", e);
            }
        }
    }
}
