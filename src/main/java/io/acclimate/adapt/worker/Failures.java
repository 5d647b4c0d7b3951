package io.acclimate.adapt.worker;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.kafka.Rights;
import io.acclimate.wire.Topics;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;

/** Tells failures of the instance from failures of one partition, and explains them to an operator. Any thread. */
final class Failures {
    private static final Set<Class<? extends RuntimeException>> FENCED =
            Set.of(ProducerFencedException.class, InvalidProducerEpochException.class, FencedInstanceIdException.class);
    /** The group has given partitions to others, or the instance is stopping. */
    private static final Set<Class<? extends RuntimeException>> OUTSIDE = Set.of(
            CommitFailedException.class,
            RebalanceInProgressException.class,
            IllegalGenerationException.class,
            UnknownMemberIdException.class,
            WakeupException.class,
            InterruptException.class);

    private final AdaptSettings settings;
    private final Rights rights;

    Failures(Topics topics, AdaptSettings settings) {
        this.settings = settings;
        this.rights = rights(topics);
    }

    /** What the worker does with topics. */
    static Rights rights(Topics topics) {
        return new Rights(
                Set.of(
                        topics.miniBatches(),
                        topics.modelControl(),
                        topics.modelVersions(),
                        topics.modelWeights(),
                        topics.adaptationState(),
                        topics.adaptationStarts()),
                Set.of(
                        topics.modelVersions(),
                        topics.modelWeights(),
                        topics.adaptationState(),
                        topics.adaptationStarts(),
                        topics.adaptationEvents(),
                        topics.deadLetters()));
    }

    /** Says what the worker waits for after {@code failure}, and names the right to grant if one is missing. */
    String waitingFor(RuntimeException failure) {
        if (isFenced(failure)) {
            return "its share again: another worker of group "
                    + settings.membership().group() + " took it over or has the name "
                    + settings.membership().instance() + ", or a transaction took too long";
        }
        return failure instanceof KafkaException
                ? "Kafka: " + rights.explain(failure, settings.membership().group())
                : "a round that does not fail: " + failure;
    }

    static boolean isFenced(Throwable failure) {
        return has(failure, FENCED);
    }

    /** True for failures of group membership rather than of the partition: ownership must be checked again first. */
    static boolean isOfInstance(Throwable failure) {
        return isFenced(failure) || has(failure, OUTSIDE);
    }

    /** True when a broker did not answer in time, or does not have what was asked for. */
    static boolean isTimeout(Throwable failure) {
        return has(failure, Set.of(TimeoutException.class));
    }

    private static boolean has(Throwable failure, Set<Class<? extends RuntimeException>> kinds) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            Throwable one = each;
            if (kinds.stream().anyMatch(kind -> kind.isInstance(one))) {
                return true;
            }
        }
        return false;
    }
}
