package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.Outcome;
import io.acclimate.core.Prediction;
import io.acclimate.minibatch.state.ServedImage;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Turns predictions into {@link ServedImage}s keyed by image id. This runs once for each image that is served, so the value of a
 * prediction is read only when its key and headers do not say enough. A record that is no prediction of an image on {@code images} is
 * ignored. Called by the task's stream thread only.
 */
final class IndexProcessor extends ContextualProcessor<byte @Nullable [], byte @Nullable [], byte[], byte[]> {
    private final String imagesTopic;
    private final Telemetry.Counter indexed;
    private final PredictionCodec codec = new PredictionCodec(WireFormat.JSON);

    IndexProcessor(Topics topics, Telemetry telemetry) {
        this.imagesTopic = topics.images();
        this.indexed = telemetry.counter(Meter.IMAGES_INDEXED);
    }

    @Override
    public void process(Record<byte @Nullable [], byte @Nullable []> prediction) {
        byte[] id = prediction.key();
        Optional<ServedImage> image = id == null ? Optional.empty() : fromHeaders(prediction.headers());
        if (id == null || image.isEmpty()) {
            Optional<Prediction> read = fromValue(prediction.value());
            if (read.isEmpty()) {
                return;
            }
            id = read.get().imageId().value().getBytes(StandardCharsets.UTF_8);
            image = Optional.of(
                    ServedImage.unlabelled(read.get().input(), read.get().domain()));
        }
        if (image.get().at().topic().equals(imagesTopic)) {
            indexed.increment();
            context().forward(new Record<>(id, image.get().toBytes(), prediction.timestamp()));
        }
    }

    private static Optional<ServedImage> fromHeaders(org.apache.kafka.common.header.Headers headers) {
        if (!(ContractHeaders.text(headers, ContractHeaders.CE_ID) instanceof Outcome.Ok<Optional<String>> id)
                || !(ContractHeaders.domain(headers) instanceof Outcome.Ok<DomainId> domain)) {
            return Optional.empty();
        }
        return id.value().flatMap(Coordinates::parse).map(at -> ServedImage.unlabelled(at, domain.value()));
    }

    private Optional<Prediction> fromValue(byte @Nullable [] value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(codec.decode(value));
        } catch (UnreadableRecordException e) {
            return Optional.empty();
        }
    }
}
