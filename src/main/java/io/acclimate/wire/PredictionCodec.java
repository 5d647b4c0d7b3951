package io.acclimate.wire;

import io.acclimate.core.ClassScore;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Predictions as bytes. The JSON is the schema's own mapping with fields of default value printed, so that version 0 and
 * class 0 are visible; it is written by hand because the library's reflective printer costs as much as inference. A test
 * holds it equal to that printer. Any thread.
 */
public final class PredictionCodec {
    private final Encoding encoding;

    public PredictionCodec(Encoding encoding) {
        this.encoding = encoding;
    }

    /** A codec for a format that needs no registry. */
    public PredictionCodec(WireFormat format) {
        this(Encoding.of(format));
    }

    public byte[] encode(Prediction prediction) {
        return encoding.format() == WireFormat.JSON ? json(prediction) : encoding.bytes(message(prediction));
    }

    /**
     * Reads every format.
     *
     * @throws UnreadableRecordException when the bytes are something else
     */
    public Prediction decode(byte[] bytes) {
        io.acclimate.wire.v1.Prediction.Builder builder = io.acclimate.wire.v1.Prediction.newBuilder();
        JsonOrProto.read(bytes, builder);
        return prediction(builder.build());
    }

    private static byte[] json(Prediction prediction) {
        ClassScore best = prediction.best();
        JsonText json = new JsonText(320 + 64 * prediction.topK().size());
        json.raw("{\"imageId\":").string(prediction.imageId().value());
        json.raw(",\"domain\":").string(prediction.domain().value());
        json.raw(",\"label\":").string(best.label());
        json.raw(",\"classIndex\":").number(best.classIndex());
        json.raw(",\"confidence\":").number(best.confidence());
        json.raw(",\"topK\":[");
        String separator = "{\"classIndex\":";
        for (ClassScore score : prediction.topK()) {
            json.raw(separator).number(score.classIndex());
            json.raw(",\"label\":").string(score.label());
            json.raw(",\"confidence\":").number(score.confidence()).raw("}");
            separator = ",{\"classIndex\":";
        }
        json.raw("],\"modelVersion\":\"").number(prediction.modelVersion());
        json.raw("\",\"input\":{\"topic\":").string(prediction.input().topic());
        json.raw(",\"partition\":").number(prediction.input().partition());
        json.raw(",\"offset\":\"").number(prediction.input().offset());
        json.raw("\"},\"eventTime\":").instant(prediction.eventTime());
        json.raw(",\"tookMillis\":").number(millis(prediction.took())).raw("}");
        return json.utf8();
    }

    static io.acclimate.wire.v1.Prediction message(Prediction prediction) {
        ClassScore best = prediction.best();
        io.acclimate.wire.v1.Prediction.Builder builder = io.acclimate.wire.v1.Prediction.newBuilder()
                .setImageId(prediction.imageId().value())
                .setDomain(prediction.domain().value())
                .setLabel(best.label())
                .setClassIndex(best.classIndex())
                .setConfidence(best.confidence())
                .setModelVersion(prediction.modelVersion())
                .setInput(io.acclimate.wire.v1.Coordinates.newBuilder()
                        .setTopic(prediction.input().topic())
                        .setPartition(prediction.input().partition())
                        .setOffset(prediction.input().offset()))
                .setEventTime(ProtoValues.timestamp(prediction.eventTime()))
                .setTookMillis(millis(prediction.took()));
        for (ClassScore score : prediction.topK()) {
            builder.addTopK(io.acclimate.wire.v1.ClassScore.newBuilder()
                    .setClassIndex(score.classIndex())
                    .setLabel(score.label())
                    .setConfidence(score.confidence()));
        }
        return builder.build();
    }

    private static Prediction prediction(io.acclimate.wire.v1.Prediction message) {
        List<ClassScore> topK = message.getTopKList().stream()
                .map(score -> new ClassScore(score.getClassIndex(), score.getLabel(), score.getConfidence()))
                .toList();
        try {
            return new Prediction(
                    new ImageId(message.getImageId()),
                    new DomainId(message.getDomain()),
                    topK,
                    message.getModelVersion(),
                    new Coordinates(
                            message.getInput().getTopic(),
                            message.getInput().getPartition(),
                            message.getInput().getOffset()),
                    ProtoValues.instant(message.getEventTime()),
                    Duration.ofNanos(Math.round(message.getTookMillis() * 1e6)));
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("not a prediction: " + e.getMessage(), e);
        }
    }

    /** Rounds to microseconds: finer digits mean nothing and cost bytes. */
    private static double millis(Duration took) {
        return TimeUnit.NANOSECONDS.toMicros(took.toNanos()) / 1e3;
    }
}
