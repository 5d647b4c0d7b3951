package io.acclimate.serve;

import io.acclimate.image.ImageLimits;
import io.acclimate.infer.SessionSettings;
import io.acclimate.wire.WireFormat;

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
        WireFormat format,
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
        return new ServeSettings(
                "acclimate-serve",
                "0",
                Math.min(2, Runtime.getRuntime().availableProcessors()),
                Delivery.EXACTLY_ONCE,
                2048,
                64,
                3,
                WireFormat.JSON,
                ImageLimits.defaults(),
                SessionSettings.defaults(),
                WithoutVersion.SERVE_SOURCE);
    }

    public ServeSettings withGroup(String name) {
        return new ServeSettings(
                name,
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

    public ServeSettings withInstance(String name) {
        return new ServeSettings(
                group,
                name,
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

    public ServeSettings withWorkers(int count) {
        return new ServeSettings(
                group,
                instance,
                count,
                delivery,
                maxPollRecords,
                inferenceBatch,
                topK,
                format,
                limits,
                session,
                withoutVersion);
    }

    public ServeSettings withDelivery(Delivery guarantee) {
        return new ServeSettings(
                group,
                instance,
                workers,
                guarantee,
                maxPollRecords,
                inferenceBatch,
                topK,
                format,
                limits,
                session,
                withoutVersion);
    }

    public ServeSettings withFormat(WireFormat wire) {
        return new ServeSettings(
                group,
                instance,
                workers,
                delivery,
                maxPollRecords,
                inferenceBatch,
                topK,
                wire,
                limits,
                session,
                withoutVersion);
    }

    public ServeSettings withMaxPollRecords(int count) {
        return new ServeSettings(
                group,
                instance,
                workers,
                delivery,
                count,
                inferenceBatch,
                topK,
                format,
                limits,
                session,
                withoutVersion);
    }

    public ServeSettings withoutVersion(WithoutVersion choice) {
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
                choice);
    }

    String workerName(int worker) {
        return group + "-" + instance + "-" + worker;
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + min + " to " + max + ", got " + value);
        }
    }
}
