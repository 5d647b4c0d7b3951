package io.acclimate.wire;

import com.google.protobuf.Message;
import java.util.Optional;

/**
 * How the records of one topic are written: a format, and for a schema registry's frame also the schema. Any thread. Framed records
 * can be written once the schema is registered.
 */
public final class Encoding {
    public static final Encoding JSON = new Encoding(WireFormat.JSON, Optional.empty());
    public static final Encoding PROTOBUF = new Encoding(WireFormat.PROTOBUF, Optional.empty());

    private final WireFormat format;
    private final Optional<TopicSchema> schema;

    private Encoding(WireFormat format, Optional<TopicSchema> schema) {
        this.format = format;
        this.schema = schema;
    }

    /** The encoding of a format that needs no registry. */
    public static Encoding of(WireFormat format) {
        return switch (format) {
            case JSON -> JSON;
            case PROTOBUF -> PROTOBUF;
            case PROTOBUF_REGISTRY ->
                throw new IllegalArgumentException(format + " needs a schema and the registry that gives it an id");
        };
    }

    public static Encoding framed(TopicSchema schema) {
        return new Encoding(WireFormat.PROTOBUF_REGISTRY, Optional.of(schema));
    }

    public WireFormat format() {
        return format;
    }

    /** The value of the header {@link ContractHeaders#CONTENT_TYPE} on such records. */
    public String contentType() {
        return switch (format) {
            case JSON -> ContractHeaders.JSON;
            case PROTOBUF -> ContractHeaders.PROTOBUF;
            case PROTOBUF_REGISTRY -> ContractHeaders.PROTOBUF_REGISTRY;
        };
    }

    byte[] bytes(Message message) {
        return switch (format) {
            case JSON -> JsonOrProto.json(message);
            case PROTOBUF -> message.toByteArray();
            case PROTOBUF_REGISTRY -> schema.orElseThrow().framed(message);
        };
    }

    @Override
    public String toString() {
        return format + schema.map(each -> " of " + each.subject()).orElse("");
    }
}
