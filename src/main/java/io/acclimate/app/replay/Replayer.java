package io.acclimate.app.replay;

import io.acclimate.app.replay.LabelSettings.Content;
import io.acclimate.core.Payload;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Sends a data set as its producers would: each image to {@code images}, and later, for some, the image with its class
 * to {@code labels}, or its id alone. The same seed makes the same labels. Pending labels are kept as numbers and drawn again when they
 * are due, so that a long delay costs no memory. One thread calls it.
 */
public final class Replayer {
    /** Is called after each record is handed to Kafka. */
    public interface Progress {
        void sent(long images, long labels);
    }

    /** The source of time. */
    interface Pace {
        long nanoTime();

        void pause(Duration time) throws InterruptedException;

        static Pace system() {
            LongSupplier clock = System::nanoTime;
            return new Pace() {
                @Override
                public long nanoTime() {
                    return clock.getAsLong();
                }

                @Override
                public void pause(Duration time) throws InterruptedException {
                    TimeUnit.NANOSECONDS.sleep(time.toNanos());
                }
            };
        }
    }

    /** The number of records that Kafka acknowledged. */
    public record Result(long images, long labels, long wrongLabels) {}

    private record DueLabel(long atNanos, int number, int labelled) {}

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final LabelledRecords data;
    private final ReplaySettings settings;
    private final Pace pace;
    private final ArrayDeque<DueLabel> due = new ArrayDeque<>();
    /** The producer's thread fills it. */
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

    private long images;
    private long labels;
    private long wrongLabels;

    Replayer(
            Producer<byte[], byte[]> producer,
            Topics topics,
            LabelledRecords data,
            ReplaySettings settings,
            Pace pace) {
        this.producer = producer;
        this.topics = topics;
        this.data = data;
        this.settings = settings;
        this.pace = pace;
    }

    /** Sends everything with a producer of its own and returns when Kafka has acknowledged it. */
    public static Result replay(
            Map<String, Object> clientProperties,
            Topics topics,
            LabelledRecords data,
            ReplaySettings settings,
            Progress progress)
            throws InterruptedException {
        try (Producer<byte[], byte[]> producer = ClientProperties.of(clientProperties)
                .prefer("linger.ms", 5)
                .prefer("max.request.size", TopicPlan.SAMPLE_RECORD_BYTES)
                .openProducer()) {
            return new Replayer(producer, topics, data, settings, Pace.system()).run(progress);
        }
    }

    /** Does not close the producer. */
    Result run(Progress progress) throws InterruptedException {
        long start = pace.nanoTime();
        double nanosPerImage = settings.imagesPerSecond() == 0 ? 0 : 1e9 / settings.imagesPerSecond();
        for (int number = 0; number < settings.images(); number++) {
            long at = start + (long) (number * nanosPerImage);
            sendLabelsUntil(at, progress);
            waitUntil(at);
            sendImage(number);
            OptionalInt label = labelOf(number);
            if (label.isPresent()) {
                due.add(new DueLabel(pace.nanoTime() + settings.labels().delay().toNanos(), number, label.getAsInt()));
            }
            progress.sent(images, labels);
            throwFailure();
        }
        while (!due.isEmpty()) {
            sendLabelsUntil(due.element().atNanos(), progress);
        }
        producer.flush();
        throwFailure();
        return new Result(images, labels, wrongLabels);
    }

    private void sendLabelsUntil(long limit, Progress progress) throws InterruptedException {
        // Without a rate all images are due at once, and labels when the clock says so.
        long last = settings.imagesPerSecond() == 0 ? Math.max(limit, pace.nanoTime()) : limit;
        while (!due.isEmpty() && due.element().atNanos() - last <= 0) {
            DueLabel label = due.remove();
            waitUntil(label.atNanos());
            sendLabel(label);
            progress.sent(images, labels);
            throwFailure();
        }
    }

    private void waitUntil(long at) throws InterruptedException {
        long left = at - pace.nanoTime();
        if (left > 0) {
            pace.pause(Duration.ofNanos(left));
        }
    }

    /** The class that image {@code number} will be labelled with, if any. */
    private OptionalInt labelOf(int number) {
        SplittableRandom random = new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() ^ number);
        int truth = data.label(number % data.size());
        if (random.nextDouble() >= settings.labels().fraction()) {
            return OptionalInt.empty();
        }
        int classes = data.classNames().count();
        if (classes > 1 && random.nextDouble() < settings.labels().noise()) {
            return OptionalInt.of((truth + 1 + random.nextInt(classes - 1)) % classes);
        }
        return OptionalInt.of(truth);
    }

    private void sendImage(int number) {
        send(record(topics.images(), number, Content.BYTES));
        images++;
    }

    private void sendLabel(DueLabel label) {
        ProducerRecord<byte[], byte[]> record =
                record(topics.labels(), label.number(), settings.labels().content());
        ContractHeaders.put(
                record.headers(), ContractHeaders.LABEL, data.classNames().name(label.labelled()));
        send(record);
        labels++;
        wrongLabels += label.labelled() == data.label(label.number() % data.size()) ? 0 : 1;
    }

    private ProducerRecord<byte[], byte[]> record(String topic, int number, Content content) {
        byte[] key = (settings.keyPrefix() + number).getBytes(StandardCharsets.UTF_8);
        Payload payload = data.payload(number % data.size());
        byte[] value = content == Content.ID ? null : payload.bytes().array();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        ContractHeaders.put(
                record.headers(), ContractHeaders.DOMAIN, settings.domain().value());
        payload.contentType()
                .ifPresent(type -> ContractHeaders.put(record.headers(), ContractHeaders.CONTENT_TYPE, type));
        return record;
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, (metadata, problem) -> {
            if (problem instanceof RecordTooLargeException) {
                failures.add(new RecordTooLargeException(
                        new String(record.key(), StandardCharsets.UTF_8) + " has a value of " + record.value().length
                                + " bytes, more than a record of topic " + record.topic()
                                + " may have: send smaller images, or raise max.request.size here and max.message.bytes of"
                                + " the topic (" + problem.getMessage() + ")",
                        problem));
            } else if (problem != null) {
                failures.add(problem);
            }
        });
    }

    private void throwFailure() {
        for (Exception problem : failures) {
            throw new KafkaException("a record was not taken by Kafka: " + problem.getMessage(), problem);
        }
    }
}
