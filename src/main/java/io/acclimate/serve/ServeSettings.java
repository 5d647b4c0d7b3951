package io.acclimate.serve;

import io.acclimate.image.ImageLimits;
import io.acclimate.infer.SessionSettings;
import io.acclimate.wire.Encoding;
import java.util.function.Consumer;

/**
 * How serving works.
 *
 * @param group consumer group, and first part of the transactional ids
 * @param instance tells the processes of a group apart; a restart under the same name aborts at once what the dead one left
 *     open. Two live processes of one name fence each other.
 * @param workers threads that each poll, decode, infer and produce
 * @param maxPollRecords images of one transaction at most
 * @param inferenceBatch rows of one session run at most
 * @param topK classes that a prediction lists at most
 * @param format how predictions are written
 * @param withoutVersion what is done while no version was ever published
 */
public record ServeSettings(
        String group,
        String instance,
        int workers,
        Delivery delivery,
        int maxPollRecords,
        int inferenceBatch,
        int topK,
        Encoding format,
        ImageLimits limits,
        SessionSettings session,
        WithoutVersion withoutVersion) {
    public ServeSettings {
        if (group.isBlank() || instance.isBlank()) {
            throw new IllegalArgumentException("group and instance need a name");
        }
        within("workers", workers, 1, 256);
        within("max poll records", maxPollRecords, 1, 100_000);
        within("inference batch", inferenceBatch, 1, 4096);
        within("top-k", topK, 1, 1000);
    }

    public static ServeSettings defaults() {
        return new Draft().settings();
    }

    public ServeSettings withGroup(String name) {
        return with(to -> to.group = name);
    }

    public ServeSettings withInstance(String name) {
        return with(to -> to.instance = name);
    }

    public ServeSettings withWorkers(int count) {
        return with(to -> to.workers = count);
    }

    public ServeSettings withDelivery(Delivery guarantee) {
        return with(to -> to.delivery = guarantee);
    }

    public ServeSettings withMaxPollRecords(int count) {
        return with(to -> to.maxPollRecords = count);
    }

    public ServeSettings withTopK(int classes) {
        return with(to -> to.topK = classes);
    }

    public ServeSettings withFormat(Encoding wire) {
        return with(to -> to.format = wire);
    }

    public ServeSettings withoutVersion(WithoutVersion choice) {
        return with(to -> to.withoutVersion = choice);
    }

    private ServeSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    String workerName(int worker) {
        return group + "-" + instance + "-" + worker;
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + min + " to " + max + ", got " + value);
        }
    }

    /** Every setting by its name, at first the default one, so that a change names only what it changes. */
    private static final class Draft {
        private String group = "acclimate-serve";
        private String instance = "0";
        private int workers = Math.min(2, Runtime.getRuntime().availableProcessors());
        private Delivery delivery = Delivery.EXACTLY_ONCE;
        private int maxPollRecords = 2048;
        private int inferenceBatch = 64;
        private int topK = 3;
        private Encoding format = Encoding.JSON;
        private ImageLimits limits = ImageLimits.defaults();
        private SessionSettings session = SessionSettings.defaults();
        private WithoutVersion withoutVersion = WithoutVersion.SERVE_SOURCE;

        private Draft() {}

        private Draft(ServeSettings from) {
            group = from.group;
            instance = from.instance;
            workers = from.workers;
            delivery = from.delivery;
            maxPollRecords = from.maxPollRecords;
            inferenceBatch = from.inferenceBatch;
            topK = from.topK;
            format = from.format;
            limits = from.limits;
            session = from.session;
            withoutVersion = from.withoutVersion;
        }

        private ServeSettings settings() {
            return new ServeSettings(
                    group,
                    instance,
                    workers,
                    delivery,
                    maxPollRecords,
                    inferenceBatch,
                    topK,
                    format,
                    limits,
                    session,
                    withoutVersion);
        }
    }
}
