package io.acclimate.harness;

import io.acclimate.harness.Facts.Sign;
import io.acclimate.wire.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long until every part of a stream, as a downstream reader sees it, shows work on something newer than a fault. Another fault
 * in the meantime makes the time its own as well: such a recovery is {@link #shared}.
 */
final class Recovery {
    private static final Duration TICK = Duration.ofMillis(20);

    private final String cause;
    private final String topic;
    private final long faultMillis;
    private final long faultNanos;
    /** Partitions or domains not seen again. Guarded by this, as the next. */
    private final Set<String> missing;

    private Optional<Duration> took = Optional.empty();
    private boolean shared;

    /** @param parts what must be seen again on {@code topic} */
    Recovery(String cause, String topic, Set<String> parts) {
        this.cause = cause;
        this.topic = topic;
        this.missing = new HashSet<>(parts);
        this.faultMillis = System.currentTimeMillis();
        this.faultNanos = System.nanoTime();
    }

    /**
     * Downstream of {@code name}, a process or the broker: every partition or domain must show newer work.
     *
     * @param away another process has to take over
     */
    static Recovery after(String name, boolean away, Deployment cluster) {
        String role = name.equals(Cluster.BROKER) ? name : RoleProcesses.role(name);
        String cause = away ? role + " that stays away" : role;
        Topics topics = cluster.topics();
        return switch (role) {
            case "minibatch" -> new Recovery(cause, topics.miniBatches(), Set.copyOf(Load.DOMAINS));
            case "adapt" -> new Recovery(cause, topics.adaptationEvents(), Set.copyOf(Load.DOMAINS));
            default ->
                new Recovery(
                        cause,
                        topics.predictions(),
                        IntStream.range(0, Deployment.IMAGE_PARTITIONS)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.toSet()));
        };
    }

    synchronized void see(Sign sign, long nowNanos) {
        if (sign.topic().equals(topic)
                && sign.millis() > faultMillis
                && missing.remove(sign.part())
                && missing.isEmpty()) {
            took = Optional.of(Duration.ofNanos(nowNanos - faultNanos));
        }
    }

    String cause() {
        return cause;
    }

    /** Another process breaks, or is not well yet: without effect once all is seen again. */
    synchronized void share() {
        shared |= took.isEmpty();
    }

    synchronized boolean shared() {
        return shared;
    }

    /** Empty while parts are missing. */
    synchronized Optional<Duration> took() {
        return took;
    }

    /**
     * Waits while one part after the other comes back.
     *
     * @param stall without another one, after which none is expected any more
     */
    Duration await(Duration stall) {
        Patience patience = new Patience(stall);
        while (took().isEmpty()) {
            if (!patience.lasts(missing().size())) {
                throw new IllegalStateException("not at work again after " + cause + ": " + missing());
            }
            LockSupport.parkNanos(TICK.toNanos());
        }
        return took().orElseThrow();
    }

    synchronized Set<String> missing() {
        return Set.copyOf(missing);
    }
}
