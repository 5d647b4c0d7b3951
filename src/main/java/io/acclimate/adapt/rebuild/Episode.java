package io.acclimate.adapt.rebuild;

import io.acclimate.adapt.random.Effort;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.Digest;
import java.util.List;

/**
 * What one worker did with a domain, from its start until a worker with another configuration replaced it.
 *
 * @param offset of the first mini-batch that it may have learnt from
 * @param steps in the order in which they happened
 */
record Episode(Configuration configuration, Start start, long offset, List<Step> steps) {
    Episode {
        steps = List.copyOf(steps);
    }

    /** The settings that decide what is learnt, and the base model with its label set. */
    record Configuration(AdaptSettings settings, Digest base, List<String> classes) {
        Configuration {
            classes = List.copyOf(classes);
        }
    }

    /** Which state the worker started with. */
    sealed interface Start {
        /** No worker was before it. */
        record Fresh() implements Start {}

        /**
         * The worker began with a start that is kept: the mini-batches before it are deleted, or a worker wrote it that had lost its
         * predecessor's state and has left nothing else.
         *
         * @param generation of the domain's rounds that led to it
         */
        record FromKept(long generation) implements Start {}

        /** The predecessor stopped in an orderly way and left its whole state. */
        record AfterStop() implements Start {}

        /**
         * The predecessor was killed. It left the state of its last snapshot, and of the rounds since then the versions alone.
         *
         * @param lostFrom offset of the first mini-batch of those rounds
         * @param lostRounds those rounds, in their order
         */
        record AfterKill(long lostFrom, List<Step.Learn> lostRounds) implements Start {
            public AfterKill {
                lostRounds = List.copyOf(lostRounds);
            }
        }
    }

    sealed interface Step {
        /** The guard looks at the active version before the mini-batch at {@code offset} is learnt from, if it is. */
        record Guard(long offset) implements Step {}

        /** The state before the mini-batch at {@code offset} is kept, since a later worker starts from it. */
        record KeepState(long offset) implements Step {}

        /** The mini-batch at {@code offset} is learnt from. */
        record Learn(long offset, Effort effort) implements Step {}

        record Apply(ControlCommand command) implements Step {}

        /** Mini-batches were learnt from here that the topic no longer has; {@code message} says which. */
        record Missing(String message) implements Step {}
    }
}
