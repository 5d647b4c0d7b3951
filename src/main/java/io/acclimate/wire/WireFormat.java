package io.acclimate.wire;

/** The formats of predictions and adaptation events. */
public enum WireFormat {
    /** The schema's own JSON mapping, one line for each record. Any Kafka client can read it. */
    JSON,
    PROTOBUF,
    /** Protobuf in the frame of a schema registry with Confluent's wire format: needs the registry. */
    PROTOBUF_REGISTRY
}
