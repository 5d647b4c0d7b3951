package io.acclimate.adapt.worker;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is not worked on, since something of its own failed: it waits, then has its outbox opened again by another
 * thread. Pauses double with each failure that its broker answered, so that what fails slowly leaves the thread to the others.
 */
final class Suspension implements Share {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final int partition;
    private final String cause;
    private final Duration pause;
    private final long begun;
    private @Nullable Outboxes opening;

    private Suspension(int partition, String cause, Duration pause, long begun) {
        this.partition = partition;
        this.cause = cause;
        this.pause = pause;
        this.begun = begun;
    }

    /** @param nanos now, as by {@code System.nanoTime} */
    static Suspension first(int partition, String cause, long nanos) {
        return new Suspension(partition, cause, FIRST, nanos);
    }

    /** After one more failure. */
    Suspension longer(String why, long nanos) {
        Duration doubled = pause.multipliedBy(2);
        return new Suspension(partition, why, doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST, nanos);
    }

    /** After a failure without an answer, which cost nobody's time. */
    Suspension again(String why, long nanos) {
        return new Suspension(partition, why, pause, nanos);
    }

    @Override
    public int partition() {
        return partition;
    }

    /** What failed, and what an operator can do about it. */
    String cause() {
        return cause;
    }

    Duration pause() {
        return pause;
    }

    /** Begins to open the outbox, which decides what the last one left open. */
    void open(Function<List<Integer>, Outboxes> outboxes) {
        if (opening == null) {
            opening = outboxes.apply(List.of(partition));
        }
    }

    /** True once the pause is over and the outbox was opened, or was not to be: {@link #take} does not wait. */
    boolean isOver(long nanos, Function<List<Integer>, Outboxes> outboxes) {
        if (nanos - begun < pause.toNanos()) {
            return false;
        }
        open(outboxes);
        return opening != null && opening.isDone(partition);
    }

    /** What kept it from being opened is thrown here. */
    Outbox take() {
        if (opening == null) {
            throw new IllegalStateException("the pause of partition " + partition + " is not over");
        }
        return opening.take(partition);
    }

    @Override
    public void close() {
        if (opening != null) {
            opening.close();
            opening = null;
        }
    }
}
