package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.samples.SampleMemory;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.kafka.CommitWatch;
import io.acclimate.kafka.Rights;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.telemetry.Connections;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.telemetry.WatchedThread;
import io.acclimate.train.Samples;
import io.acclimate.train.UntrainableModelException;
import io.acclimate.wire.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adaptation worker: learns from mini-batches and publishes the versions that the gate promotes. A failure of one partition
 * suspends that partition; after any other failure the worker restarts from the checkpoints. It recovers from both on its own.
 *
 * <p>Threads: its own thread does everything. Any thread may call {@code prepare}, {@code start}, {@code check} and {@code close}.
 */
public final class Adapting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Adapting.class);
    private static final String WITHOUT = "serving without adaptation: ";
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration RETRY_FENCED = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

    private final Map<String, Object> clientProps;
    private final Topics topics;
    private final ModelGraph graph;
    private final Optional<Samples> source;
    private final AdaptSettings settings;
    private final Telemetry telemetry;
    private final Failures failures;
    private final Meters meters;
    private final Clock clock;
    private final RoundHooks hooks;
    private final CommitWatch commits = new CommitWatch();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final WatchedThread thread;
    /** Guarded by this object's lock. */
    private boolean prepared;
    /** Written by the worker's thread, read by check(). */
    private volatile Health health = Health.notReady("the adaptation worker to be started");
    /** False for a model that cannot be trained, which needs no broker. Written by the worker's thread, read by check(). */
    private volatile boolean adapts = true;
    /** The consumer's, safe to read from other threads. */
    private volatile Map<?, ? extends Metric> metrics = Map.of();

    public Adapting(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            Optional<Samples> source,
            AdaptSettings settings,
            Telemetry telemetry) {
        this(clientProps, topics, graph, source, settings, telemetry, Clock.systemUTC(), RoundHooks.NONE);
    }

    Adapting(
            Map<String, Object> clientProps,
            Topics topics,
            ModelGraph graph,
            Optional<Samples> source,
            AdaptSettings settings,
            Telemetry telemetry,
            Clock clock,
            RoundHooks hooks) {
        this.clientProps = Map.copyOf(clientProps);
        this.topics = topics;
        this.graph = graph;
        this.source = source;
        this.settings = settings;
        this.telemetry = telemetry;
        this.failures = new Failures(topics, settings);
        this.meters = new Meters(telemetry, graph.card().classes());
        this.clock = clock;
        this.hooks = hooks;
        this.thread = new WatchedThread("adapt", this::run);
    }

    /** What the user of this role must be allowed to do with topics. */
    public static Rights rights(Topics topics) {
        return Failures.rights(topics);
    }

    /** Opens the model, which needs no broker. {@code start} does so if this was not called. */
    public synchronized void prepare() {
        if (!prepared) {
            prepared = true;
            health = Health.notReady("its model to be opened");
            thread.start();
        }
    }

    public void start() {
        prepare();
        started.countDown();
    }

    public Health check() {
        Health now = commits.health(thread.health(health));
        return now instanceof Health.Ready && adapts && !Connections.open(metrics)
                ? Health.notReady(Connections.MISSING)
                : now;
    }

    private void run() {
        try (BaseModel models = new BaseModel(graph, settings.train())) {
            SourceSet retention = new SourceSet(source, settings.evaluation().sourceCheck(), models.source());
            if (source.isEmpty()) {
                LOG.warn(
                        "no source data is given (--source-data): what a version forgets of the source domain cannot be measured,"
                                + " and training keeps it only by changed target samples that the source model classifies as labelled");
            }
            SampleDecoder decoder = new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults()));
            DomainFactory domains = new DomainFactory(settings, models, retention, decoder, clock);
            Instruments instruments = new Instruments(telemetry, meters, failures, hooks, commits);
            health = Health.notReady("to be started");
            started.await();
            health = Health.notReady("the broker's answer about " + topics.miniBatches());
            while (open()) {
                live(domains, instruments);
            }
        } catch (InterruptedException e) {
            LOG.debug("the adaptation worker stops");
        } catch (RuntimeException e) {
            cannotBegin(e);
        }
    }

    /** A model that cannot be trained is served without adaptation; a setting that does not fit it is a mistake. */
    private void cannotBegin(RuntimeException e) {
        if (e.getCause() instanceof UntrainableModelException untrainable && !untrainable.isBySettings()) {
            String remark = WITHOUT + untrainable.getMessage();
            adapts = false;
            health = new Health.Ready(List.of(remark));
            LOG.warn("{}", remark);
        } else {
            health = Health.notReady("a model that can be trained: " + e.getMessage());
            LOG.error("the adaptation worker cannot begin", e);
        }
    }

    private void live(DomainFactory domains, Instruments instruments) {
        try (WorkerLoop loop = WorkerLoop.open(clientProps, topics, domains, instruments, this::open)) {
            metrics = loop.metrics();
            loop.begin();
            health = Health.notReady("its share of " + topics.miniBatches() + " in group "
                    + settings.membership().group());
            while (open()) {
                loop.poll();
                SampleMemory samples = domains.model().samples();
                meters.samples(samples.bytesInMemory(), samples.bytesOnDisk());
                if (loop.joined()) {
                    health = health(loop);
                }
            }
            loop.stop();
        } catch (WakeupException | InterruptException e) {
            LOG.debug("the adaptation worker stops");
        } catch (RuntimeException e) {
            failed(failures.waitingFor(e), e, Failures.isFenced(e) ? RETRY_FENCED : RETRY);
        }
    }

    private Health health(WorkerLoop loop) {
        Set<Integer> opening = loop.opening();
        return opening.isEmpty()
                ? loop.suspended().map(Health::notReady).orElse(Health.READY)
                : Health.notReady("the domains of partitions " + new TreeSet<>(opening) + " of " + topics.miniBatches()
                        + " to be restored");
    }

    private void failed(String waitingFor, RuntimeException e, Duration pause) {
        health = Health.notReady(waitingFor);
        if (open()) {
            meters.aborted();
            LOG.warn("the adaptation worker restarts from its checkpoints in {}: {}", pause, waitingFor, e);
            pause(pause);
        }
    }

    private boolean open() {
        return closing.getCount() > 0;
    }

    private void pause(Duration pause) {
        try {
            closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the transaction in progress, up to a grace time, and for the training step in progress, which cannot be interrupted. The
     * process may be killed meanwhile: nothing of the step is written.
     */
    @Override
    public void close() {
        closing.countDown();
        started.countDown();
        if (!thread.join(GRACE)) {
            LOG.warn("the adaptation worker did not stop within {}", GRACE);
            thread.interrupt();
            // A process that ended now would free the native library's memory under a step that still uses it.
            if (!thread.join(LONGEST_STEP)) {
                LOG.error("a training step did not end within {}", LONGEST_STEP);
            }
        }
        health = Health.notReady("the adaptation worker to be started");
    }
}
