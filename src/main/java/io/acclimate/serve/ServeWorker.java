package io.acclimate.serve;

import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves images on one thread, with a consumer and a producer of its own. Each poll is one transaction: the records are processed
 * and committed with their offsets. After a failure of any kind the worker aborts the transaction, returns to the committed offsets, waits
 * and tries again. If that is not possible, it replaces both clients. It never gives up: a worker that ended would leave its partitions,
 * and with them the cause of a failure that lies in their records, to the next worker, and so to all of them in turn.
 *
 * <p>Two things end it. One that is fenced {@value #MAX_FENCED} times in a row stops, because another process uses its name, and each
 * further try would fence that process. And an {@code Error} such as a heap that is full leaves the JVM in a state that no code here
 * was written for; a supervisor must start it again.
 */
final class ServeWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ServeWorker.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long MAX_PAUSE_MILLIS = 5_000;
    private static final int MAX_FENCED = 3;
    /** Each of the first failures in a row is logged, and then one in so many, which is one a minute. */
    private static final int LOGGED_FAILURES = 12;

    private final String name;
    private final WorkerClients clients;
    private final Topics topics;
    private final ServeSettings settings;
    private final PollBatch batch;
    private final ServedModels models;
    private final Telemetry telemetry;
    private final AtomicInteger inFlight;
    private final CommitWatch commits;
    private final Telemetry.Counter received;
    private final Rights rights;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Written by the worker's thread and read by {@link #state()}. */
    private volatile WorkerState state = new WorkerState.Waiting("its start");
    /** The consumer's meters, which other threads may read. Empty while there is no consumer. */
    private volatile Map<?, ? extends Metric> metrics = Map.of();
    /** Failures since the last commit. Only the worker's thread uses this field and the next one. */
    private int failures;

    private int fenced;

    ServeWorker(
            String name,
            WorkerClients clients,
            Topics topics,
            ServeSettings settings,
            PollBatch batch,
            ServedModels models,
            Telemetry telemetry,
            AtomicInteger inFlight,
            CommitWatch commits) {
        this.name = name;
        this.clients = clients;
        this.topics = topics;
        this.settings = settings;
        this.batch = batch;
        this.models = models;
        this.telemetry = telemetry;
        this.inFlight = inFlight;
        this.commits = commits;
        this.received = telemetry.counter(Meter.IMAGES_RECEIVED);
        this.rights = rights(topics);
    }

    /** What the worker and the follower of versions beside it do with topics. */
    static Rights rights(Topics topics) {
        return new Rights(
                Set.of(topics.images(), topics.modelVersions(), topics.modelWeights()),
                Set.of(topics.predictions(), topics.deadLetters()));
    }

    /** Ends the loop after the open transaction. Any thread may call this. */
    void stop() {
        closing.countDown();
    }

    WorkerState state() {
        if (state instanceof WorkerState.Working && !Connections.open(metrics)) {
            return new WorkerState.Waiting(Connections.MISSING);
        }
        return state;
    }

    @Override
    public void run() {
        try {
            while (running()) {
                runClients();
            }
            state = new WorkerState.Stopped();
        } catch (RuntimeException | Error e) {
            state = new WorkerState.Failed(String.valueOf(e.getMessage()));
            LOG.error("worker {} stopped", name, e);
        }
    }

    private boolean running() {
        return closing.getCount() > 0;
    }

    /** Works with one pair of clients until it is stopped or they fail. */
    private void runClients() {
        state = new WorkerState.Waiting("Kafka, to open clients");
        try (WorkerSession session = WorkerSession.open(clients, settings.delivery(), this::running, telemetry)) {
            runLoop(session.consumer(), session.output());
        } catch (ProducerFencedException | InvalidProducerEpochException | FencedInstanceIdException e) {
            fenced(e);
        } catch (Output.OutcomeUnknownException e) {
            LOG.warn("worker {} leaves a commit to its successor: {}", name, e.getMessage());
        } catch (RuntimeException e) {
            failed("clients are replaced", e);
        } finally {
            metrics = Map.of();
        }
    }

    private void runLoop(Consumer<byte[], byte[]> consumer, Output output) {
        output.open();
        metrics = consumer.metrics();
        consumer.subscribe(List.of(topics.images()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                // Kafka calls this inside of poll, when no batch is open.
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> given) {
                clients.takeOver(given);
            }
        });
        state = new WorkerState.Working();
        while (running()) {
            processBatch(consumer, output);
        }
    }

    /** One transaction: the records of one poll and their answers. */
    private void processBatch(Consumer<byte[], byte[]> consumer, Output output) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        int count = records.count();
        if (count == 0) {
            if (failures > 0 && consumer.assignment().isEmpty()) {
                // What failed is now read by another worker.
                recovered();
            }
            return;
        }
        received.increment(count);
        inFlight.addAndGet(count);
        boolean done = false;
        try {
            output.begin();
            Tally tally = batch.process(records, output::send);
            commits.during(() -> output.commit(records.nextOffsets(), consumer.groupMetadata()));
            done = true;
            count(tally);
        } catch (Output.OutcomeUnknownException e) {
            throw e;
        } catch (RuntimeException e) {
            output.abort();
            telemetry.counter(Meter.TRANSACTIONS_ABORTED, Answer.STAGE).increment();
            if (e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException) {
                throw e;
            }
            rewind(consumer);
            if (e instanceof CommitFailedException) {
                LOG.info("worker {}: a rebalance came before the commit, the batch is read again", name);
            } else {
                failed("the batch is read again", e);
            }
        } finally {
            inFlight.addAndGet(-count);
            if (!done) {
                telemetry.counter(Meter.IMAGES_DROPPED).increment(count);
            }
        }
    }

    private void recovered() {
        if (failures > 0) {
            LOG.info("worker {} goes on after {} failures", name, failures);
        }
        failures = 0;
        fenced = 0;
        state = new WorkerState.Working();
    }

    private void count(Tally tally) {
        recovered();
        tally.predictions()
                .forEach((domain, images) ->
                        telemetry.counter(Meter.PREDICTIONS, domain.value()).increment(images));
        tally.deadLetters().forEach((reason, records) -> telemetry
                .counter(Meter.DEAD_LETTERS, Answer.STAGE, reason.name())
                .increment(records));
        tally.versions().forEach(models::committed);
    }

    /** Returns to the committed offsets. A partition without a commit is read from its beginning, as a new group reads it. */
    private static void rewind(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> assigned = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(consumer.committed(assigned));
        for (TopicPartition partition : assigned) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                consumer.seek(partition, offset);
            } else {
                consumer.seekToBeginning(List.of(partition));
            }
        }
    }

    private void fenced(KafkaException e) {
        fenced++;
        telemetry.counter(Meter.TRANSACTIONS_ABORTED, Answer.STAGE).increment();
        String advice = "another process uses transactional id " + name + ": give every instance its own name";
        if (fenced >= MAX_FENCED) {
            throw new IllegalStateException("fenced " + fenced + " times in a row, " + advice, e);
        }
        LOG.warn("worker {} was fenced and opens new clients. If this repeats, {}", name, advice);
        pause();
    }

    private void failed(String consequence, RuntimeException e) {
        failures++;
        String message;
        if (e instanceof KafkaException kafka) {
            message = rights.explain(kafka, settings.membership().group());
            state = new WorkerState.Waiting("Kafka, after " + message);
        } else {
            message = e.toString();
            state = new WorkerState.Waiting("another try, after " + message);
            if (failures == 1) {
                LOG.warn("worker {} met a failure that is not Kafka's", name, e);
            }
        }
        if (failures < LOGGED_FAILURES || failures % LOGGED_FAILURES == 0) {
            LOG.warn("worker {}, failure {}: {}; {}", name, failures, message, consequence);
        }
        pause();
    }

    private void pause() {
        try {
            boolean unused = closing.await(
                    Math.min(MAX_PAUSE_MILLIS, 100L << Math.min(failures + fenced, 6)), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }
}
