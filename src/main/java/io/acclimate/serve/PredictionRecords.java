package io.acclimate.serve;

import io.acclimate.core.Prediction;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.PredictionCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Turns a prediction into a record in its image's partition, keyed by image id, with CloudEvents headers. One thread. */
final class PredictionRecords {
    static final String TYPE = "io.acclimate.prediction.v1";
    static final String SOURCE = "/acclimate/serve";

    private final String topic;
    private final PredictionCodec codec;
    /** Headers that are the same for every record and are therefore made once. */
    private final List<Header> constant;

    PredictionRecords(String topic, Encoding encoding) {
        this.topic = topic;
        this.codec = new PredictionCodec(encoding);
        this.constant = List.of(
                header(ContractHeaders.CE_SOURCE, SOURCE),
                header(ContractHeaders.CE_TYPE, TYPE),
                header(ContractHeaders.CE_SPECVERSION, "1.0"),
                header(ContractHeaders.CONTENT_TYPE, encoding.contentType()));
    }

    ProducerRecord<byte[], byte[]> record(ConsumerRecord<byte[], byte[]> image, Prediction prediction) {
        List<Header> headers = new ArrayList<>(7);
        headers.add(header(ContractHeaders.CE_ID, prediction.input().toString()));
        headers.addAll(constant);
        pass(image, ContractHeaders.DOMAIN, headers);
        pass(image, ContractHeaders.TRACEPARENT, headers);
        byte[] key = image.key() == null ? prediction.imageId().value().getBytes(StandardCharsets.UTF_8) : image.key();
        return new ProducerRecord<>(topic, image.partition(), null, key, codec.encode(prediction), headers);
    }

    private static void pass(ConsumerRecord<byte[], byte[]> image, String name, List<Header> headers) {
        ContractHeaders.last(image.headers(), name)
                .ifPresent(given -> headers.add(new RecordHeader(name, given.value())));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
