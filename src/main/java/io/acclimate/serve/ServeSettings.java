package io.acclimate.serve;

import io.acclimate.core.Membership;
import io.acclimate.core.Setting;

/**
 * The settings of serving.
 *
 * @param membership its group is also the first part of the transactional ids: a restart under the same name aborts at once what the
 *     dead process left open, and two live processes of one name fence each other
 * @param workers threads that each poll, decode, infer and produce
 * @param withoutVersion what is done while no version was ever published
 */
public record ServeSettings(
        Membership membership,
        int workers,
        Delivery delivery,
        BatchSettings batches,
        AnswerSettings answers,
        InferenceSettings inference,
        WithoutVersion withoutVersion) {
    /** More workers than this are never started unless they are asked for. */
    public static final int MOST_WORKERS_BY_DEFAULT = 2;

    public ServeSettings {
        Setting.inRange("workers", workers, 1, 256);
    }

    public static ServeSettings defaults() {
        return forProcessors(Runtime.getRuntime().availableProcessors());
    }

    /** The default settings on a machine with {@code processors}. */
    public static ServeSettings forProcessors(int processors) {
        return new ServeSettings(
                Membership.of("acclimate-serve"),
                Math.min(MOST_WORKERS_BY_DEFAULT, processors),
                Delivery.EXACTLY_ONCE,
                BatchSettings.defaults(),
                AnswerSettings.defaults(),
                InferenceSettings.defaults(),
                WithoutVersion.SERVE_SOURCE);
    }

    public ServeSettings withMembership(Membership other) {
        return new ServeSettings(other, workers, delivery, batches, answers, inference, withoutVersion);
    }

    public ServeSettings withWorkers(int count) {
        return new ServeSettings(membership, count, delivery, batches, answers, inference, withoutVersion);
    }

    public ServeSettings withDelivery(Delivery other) {
        return new ServeSettings(membership, workers, other, batches, answers, inference, withoutVersion);
    }

    public ServeSettings withBatches(BatchSettings other) {
        return new ServeSettings(membership, workers, delivery, other, answers, inference, withoutVersion);
    }

    public ServeSettings withAnswers(AnswerSettings other) {
        return new ServeSettings(membership, workers, delivery, batches, other, inference, withoutVersion);
    }

    public ServeSettings withoutVersion(WithoutVersion other) {
        return new ServeSettings(membership, workers, delivery, batches, answers, inference, other);
    }

    String workerName(int worker) {
        return membership.clientId() + "-" + worker;
    }
}
