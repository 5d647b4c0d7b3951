package io.acclimate.wire;

/** How predictions and adaptation events stand on the wire. */
public enum WireFormat {
    /** The schema's own JSON mapping, one line a record: readable with any Kafka client. */
    JSON,
    PROTOBUF,
    /** Protobuf in the frame of a schema registry with Confluent's wire format: needs the registry. */
    PROTOBUF_REGISTRY
}
