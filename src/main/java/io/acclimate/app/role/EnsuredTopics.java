package io.acclimate.app.role;

import io.acclimate.app.options.TopicOptions;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.kafka.BrokerProbe;
import io.acclimate.kafka.Rights;
import io.acclimate.telemetry.Health;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for Kafka before the other roles start, without a limit, and reports that it waits. Then it creates and checks the topics, says
 * which rights the role's user lacks on them, and watches whether Kafka has a quorum.
 */
final class EnsuredTopics {
    private static final Logger LOG = LoggerFactory.getLogger(EnsuredTopics.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(50);
    private static final int FIRST_PATIENCE_MILLIS = 4_000;
    private static final int MOST_PATIENCE_MILLIS = 60_000;
    private static final Duration BETWEEN_REMARKS = Duration.ofSeconds(10);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    private final TopicOptions options;
    private final Map<String, Object> client;
    private final Topics topics;
    private final Rights rights;
    private final FutureTask<Boolean> ensuring = new FutureTask<>(this::ensure, true);
    private final Remarks remarks = new Remarks();
    private final Thread thread = new Thread(ensuring, "topics");
    private final QuorumWatch quorum;
    /** The waiting thread writes it, and check reads it. */
    private volatile Health health = Health.notReady("Kafka to answer about its topics");

    /** Logs what is waited for: at once, when it changes, and every ten seconds. One thread. */
    private static final class Remarks {
        private String last = "";
        private long since;

        void say(String problem) {
            if (!problem.equals(last) || System.nanoTime() - since >= BETWEEN_REMARKS.toNanos()) {
                LOG.warn("waiting for Kafka, and trying again: {}", problem);
                last = problem;
                since = System.nanoTime();
            }
        }
    }

    EnsuredTopics(TopicOptions options, Map<String, Object> client, Topics topics, Rights rights) {
        this.options = options;
        this.client = Map.copyOf(client);
        this.topics = topics;
        this.rights = rights;
        this.quorum = new QuorumWatch(client);
        this.thread.setDaemon(true);
    }

    Role role() {
        return Role.of("topics", quorum::start, this::check, quorum::close);
    }

    private Health check() {
        return health instanceof Health.Ready ? quorum.check() : health;
    }

    /** Begins on a thread of its own, so that other work continues and a stop need not wait for brokers that are away. */
    void begin() {
        thread.start();
    }

    /** Waits for what {@link #begin} began. Returns false when the stop comes first. */
    boolean await(Shutdown shutdown) throws Exception {
        try {
            while (!ensuring.isDone()) {
                if (shutdown.await(BETWEEN_CHECKS)) {
                    return false;
                }
            }
            return ensuring.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            thread.interrupt();
        }
    }

    /** Returns true when only the brokers are missing, and not a right or a setting. */
    private static boolean passes(Throwable failure) {
        return failure instanceof RetriableException || (failure.getCause() != null && passes(failure.getCause()));
    }

    private void ensure() {
        int patience = FIRST_PATIENCE_MILLIS;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                // Kafka's clients would try for a minute before they report a timeout, which names no cause.
                Optional<String> problem = BrokerProbe.problem(client, patience);
                if (problem.isEmpty()) {
                    List<String> lacking = options.ensure(client, topics, rights);
                    if (!lacking.isEmpty()) {
                        LOG.warn(
                                "this user lacks {}; ops/security.md lists what each role needs",
                                String.join(", ", lacking));
                    }
                    health = Health.READY;
                    return;
                }
                waitFor(problem.get());
                // Brokers that are slow and not away get the time that Kafka's clients would give them.
                patience = Math.min(2 * patience, MOST_PATIENCE_MILLIS);
            } catch (KafkaException e) {
                if (!passes(e)) {
                    throw e;
                }
                waitFor(String.valueOf(e.getMessage()));
            }
        }
    }

    private void waitFor(String problem) {
        health = Health.notReady("Kafka at " + client.get("bootstrap.servers") + ", to look at its topics: " + problem);
        remarks.say(problem);
        LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
    }
}
