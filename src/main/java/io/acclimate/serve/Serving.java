package io.acclimate.serve;

import io.acclimate.image.ImageDecoder;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.Rights;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.VersionFollower;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Meter;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serving role. It follows the registry and answers every image with one prediction or one dead letter. If topics are missing,
 * it waits for them. Any thread may call {@code start}, {@code check} and {@code close}.
 */
public final class Serving implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration CATCH_UP_POLL = Duration.ofMillis(100);
    /** How long {@link #close} waits for open transactions. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final ServedModels models;
    private final VersionFollower follower;
    private final List<ServeWorker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WithoutVersion withoutVersion;
    private final Telemetry telemetry;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CommitWatch commits = new CommitWatch();
    /** Guarded by this object's lock. */
    private boolean started;

    public Serving(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            ServeSettings settings,
            Telemetry telemetry) {
        this(clientProps, topics, graph, settings, telemetry, Clock.systemUTC());
    }

    Serving(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            ServeSettings settings,
            Telemetry telemetry,
            Clock clock) {
        this.telemetry = telemetry;
        this.withoutVersion = settings.withoutVersion();
        this.models = new ServedModels(
                graph,
                settings.inference().session(),
                settings.batches().rows(graph.card().input()),
                telemetry,
                clock);
        this.follower = new VersionFollower(clientProps, topics, models, telemetry);
        ImageDecoder decoder = new ImageDecoder(settings.inference().limits());
        for (int i = 0; i < settings.workers(); i++) {
            PollBatch batch =
                    new PollBatch(topics, models, decoder, graph.card().input(), settings, telemetry, clock);
            ServeWorker worker = new ServeWorker(
                    settings.workerName(i),
                    new ServeClients(clientProps, topics, settings, i),
                    topics,
                    settings,
                    batch,
                    models,
                    telemetry,
                    inFlight,
                    commits);
            workers.add(worker);
            Thread thread = new Thread(() -> work(worker), "serve-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /** What the user of this role must be allowed to do with topics. */
    public static Rights rights(Topics topics) {
        return ServeWorker.rights(topics);
    }

    /**
     * Opens the source model, runs it once, and starts the threads. Returns before Kafka has answered.
     *
     * @throws InvalidModelException if the model cannot serve
     */
    public synchronized void start() throws InvalidModelException {
        if (started) {
            throw new IllegalStateException("serving starts once");
        }
        models.open();
        started = true;
        telemetry.gauge(Meter.IMAGES_IN_FLIGHT, inFlight::get);
        telemetry.gauge(Meter.READY, () -> check() instanceof Health.Ready ? 1 : 0, "serve");
        follower.start();
        threads.forEach(Thread::start);
    }

    /** Waits for the active versions first, so that no version that was replaced before the start answers an image. */
    private void work(ServeWorker worker) {
        while (closing.getCount() > 0) {
            if (follower.awaitCaughtUp(CATCH_UP_POLL) && mayServe()) {
                worker.run();
                return;
            }
        }
    }

    private boolean mayServe() {
        if (withoutVersion == WithoutVersion.SERVE_SOURCE || !follower.active().isEmpty()) {
            return true;
        }
        try {
            return !closing.await(CATCH_UP_POLL.toMillis(), TimeUnit.MILLISECONDS)
                    && !follower.active().isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Health check() {
        Health versions = follower.check();
        if (versions instanceof Health.NotReady) {
            return versions;
        }
        if (withoutVersion == WithoutVersion.WAIT && follower.active().isEmpty()) {
            return Health.notReady("a first active version of any domain");
        }
        for (int i = 0; i < workers.size(); i++) {
            WorkerState state = workers.get(i).state();
            if (state instanceof WorkerState.Waiting waiting) {
                return Health.notReady("worker " + i + " waits for " + waiting.waitingFor());
            }
            if (state instanceof WorkerState.Failed failed) {
                return Health.notReady("worker " + i + " has stopped: " + failed.reason());
            }
            if (state instanceof WorkerState.Stopped) {
                return Health.notReady("a restart, because serving is closed");
            }
        }
        return commits.health(versions);
    }

    /** The number of ONNX Runtime sessions that hold native memory: one for each served version, and those that are draining. */
    public int liveSessions() {
        return models.liveSessions();
    }

    /** Waits for open transactions and then frees the sessions. */
    @Override
    public synchronized void close() {
        closing.countDown();
        workers.forEach(ServeWorker::stop);
        if (started) {
            long deadline = System.nanoTime() + GRACE.toNanos();
            for (Thread thread : threads) {
                join(thread, deadline);
            }
            follower.close();
            started = false;
        }
        models.close();
    }

    private static void join(Thread thread, long deadline) {
        try {
            thread.join(
                    Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            if (thread.isAlive()) {
                LOG.warn(
                        "{} did not finish within {}; its transaction is aborted by the broker",
                        thread.getName(),
                        GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
