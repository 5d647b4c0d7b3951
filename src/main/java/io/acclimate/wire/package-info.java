/**
 * The contract: generated classes of the schemas, codecs between them and core's records, topic names and settings,
 * partitioning by domain, headers, dead letters.
 *
 * <p>In: core's records and Kafka's records. Out: bytes, and {@code Outcome} for what others produced. Codecs are
 * stateless and may be shared by threads. Bytes that break the schema of their topic are an
 * {@link io.acclimate.wire.UnreadableRecordException}. Owns the Protobuf serdes.
 */
@NullMarked
package io.acclimate.wire;

import org.jspecify.annotations.NullMarked;
