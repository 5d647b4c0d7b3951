package io.acclimate.serve;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.infer.Lease;
import io.acclimate.infer.Scores;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.RecordTime;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Turns the records of one poll into predictions and dead letters, in the order of the records. It decodes them, groups them by
 * domain, and runs each inference batch on one lease. It works in windows, so that the rows of a large poll batch are never
 * in memory all at once. One thread.
 */
final class PollBatch {
    /** Small enough that a row is still in the processor's cache when it is inferred, and large enough to batch several domains. */
    private static final long WINDOW_BYTES = 2L << 20;

    private final Topics topics;
    private final ServedModels models;
    private final ImageDecoder decoder;
    private final ModelInput input;
    private final int topK;
    private final PredictionRecords records;
    private final Telemetry telemetry;
    private final Clock clock;
    private final int inferenceBatch;
    private final Window window;
    private final TracedAnswers traced;

    private final Telemetry.Timer decodeTime;
    private final Telemetry.Timer runTime;
    private final Telemetry.Summary batchSize;
    private final Map<String, Telemetry.Timer> latencies = new HashMap<>();

    PollBatch(
            Topics topics,
            ServedModels models,
            ImageDecoder decoder,
            ModelInput input,
            ServeSettings settings,
            Telemetry telemetry,
            Clock clock) {
        this.topics = topics;
        this.models = models;
        this.decoder = decoder;
        this.input = input;
        this.topK = settings.answers().topK();
        this.records =
                new PredictionRecords(topics.predictions(), settings.answers().format());
        this.telemetry = telemetry;
        this.clock = clock;
        this.inferenceBatch = settings.batches().rows(input);
        long rows = WINDOW_BYTES / (input.row().elements() * ImageDecoder.bytesPerValue(input));
        this.window = new Window(
                (int) Math.max(inferenceBatch, Math.min(rows, settings.batches().maxPollRecords())));
        this.traced = new TracedAnswers(telemetry.traces());
        this.decodeTime = telemetry.timer(Meter.DECODE_TIME);
        this.runTime = telemetry.timer(Meter.RUN_TIME);
        this.batchSize = telemetry.summary(Meter.INFERENCE_BATCH_SIZE);
    }

    /** A decoded record that waits for its answer, and its position in the window. */
    private record Row(int position, ImageId id, ModelInput.Row values) {}

    /** Hands the output records to {@code sink} and returns their counts. */
    Tally process(Iterable<ConsumerRecord<byte[], byte[]>> polled, Consumer<ProducerRecord<byte[], byte[]>> sink) {
        // A batch that failed may have left its records here. They are polled again.
        window.clear();
        Tally tally = new Tally();
        Instant polledAt = clock.instant();
        Map<DomainId, List<Row>> domains = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            read(record, domains, tally);
            if (window.isFull()) {
                flush(domains, tally, polledAt, sink);
            }
        }
        flush(domains, tally, polledAt, sink);
        return tally;
    }

    private void flush(
            Map<DomainId, List<Row>> domains,
            Tally tally,
            Instant polledAt,
            Consumer<ProducerRecord<byte[], byte[]>> sink) {
        domains.forEach((domain, rows) -> infer(domain, rows, tally));
        domains.clear();
        window.drain((record, answer) ->
                traced.send(record, answer, answer.record(record, records, topics.deadLetters()), polledAt, sink));
    }

    private void read(ConsumerRecord<byte[], byte[]> record, Map<DomainId, List<Row>> domains, Tally tally) {
        int position = window.add(record);
        Outcome<Row> row = ContractHeaders.domain(record.headers())
                .then(domain -> decode(position, record).then(good -> {
                    domains.computeIfAbsent(domain, key -> new ArrayList<>()).add(good);
                    return Outcome.ok(good);
                }));
        if (row instanceof Outcome.Refused<Row> refused) {
            refuse(position, refused.refusal(), tally);
        }
    }

    private Outcome<Row> decode(int position, ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return Outcome.refused(DeadLetterReason.NULL_VALUE, "the record has no value");
        }
        if (value.length == 0) {
            return Outcome.refused(DeadLetterReason.EMPTY_VALUE, "the value has no bytes");
        }
        return ContractHeaders.imageId(record.key(), coordinates(record))
                .then(id -> ContractHeaders.contentType(record.headers()).then(type -> {
                    long started = System.nanoTime();
                    Outcome<ModelInput.Row> row = decoder.toRow(new Payload(Bytes.wrap(value), type), input);
                    decodeTime.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
                    return row.then(values -> Outcome.ok(new Row(position, id, values)));
                }));
    }

    private void infer(DomainId domain, List<Row> all, Tally tally) {
        Telemetry.Timer latency = latency(domain);
        for (int from = 0; from < all.size(); from += inferenceBatch) {
            List<Row> rows = all.subList(from, Math.min(all.size(), from + inferenceBatch));
            List<ModelInput.Row> inputs = new ArrayList<>(rows.size());
            rows.forEach(row -> inputs.add(row.values));
            try (Lease lease = models.acquire(domain)) {
                long started = System.nanoTime();
                RowRuns.Scored scored = RowRuns.run(lease, inputs);
                FloatTensor output = scored.output();
                runTime.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
                batchSize.record(rows.size());
                long version = lease.version().number();
                Scores scores = new Scores(lease.card(), lease.temperature(), topK);
                long now = clock.millis();
                int predicted = 0;
                for (int i = 0; i < rows.size(); i++) {
                    Row row = rows.get(i);
                    if (!Scores.finite(output, i)) {
                        refuse(row.position, refusal(scored, i, lease), tally);
                        continue;
                    }
                    predicted++;
                    ConsumerRecord<byte[], byte[]> record = window.record(row.position);
                    long timestamp = RecordTime.millis(record.timestamp(), now);
                    Duration took = Duration.ofMillis(Math.max(0, now - timestamp));
                    window.answer(
                            row.position,
                            new Answer.Predicted(new Prediction(
                                    row.id,
                                    domain,
                                    scores.top(output, i),
                                    version,
                                    coordinates(record),
                                    Instant.ofEpochMilli(timestamp),
                                    took)));
                    latency.record(took);
                }
                if (predicted > 0) {
                    tally.predicted(new VersionId(domain, version), predicted);
                }
            }
        }
    }

    private void refuse(int position, Refusal refusal, Tally tally) {
        tally.refused(refusal.reason());
        window.answer(position, new Answer.Refused(refusal));
    }

    /** Why a row has no scores that could be a prediction. Training has the same reason for scores that are not finite. */
    private static Refusal refusal(RowRuns.Scored scored, int row, Lease lease) {
        String version = "version " + lease.version().number();
        String failure = scored.refused().get(row);
        if (failure != null) {
            return new Refusal(
                    DeadLetterReason.UNDECODABLE_IMAGE,
                    version + " runs the row of its warm-up and cannot run this one: " + failure);
        }
        int classes = lease.card().classes().count();
        int first = row * classes;
        float[] values = scored.output().values();
        while (Float.isFinite(values[first])) {
            first++;
        }
        int index = first - row * classes;
        return new Refusal(
                DeadLetterReason.UNDECODABLE_IMAGE,
                "the scores must be finite, and " + version + " gives " + values[first] + " to class " + index + " '"
                        + lease.card().classes().name(index) + "'");
    }

    /** The number of domains is not bounded, so the cache of timers is. */
    private Telemetry.Timer latency(DomainId domain) {
        if (latencies.size() > Telemetry.MAX_DOMAINS) {
            latencies.clear();
        }
        return latencies.computeIfAbsent(domain.value(), name -> telemetry.timer(Meter.PREDICTION_LATENCY, name));
    }

    private static Coordinates coordinates(ConsumerRecord<byte[], byte[]> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset());
    }
}
