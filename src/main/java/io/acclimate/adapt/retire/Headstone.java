package io.acclimate.adapt.retire;

import com.google.protobuf.Timestamp;
import io.acclimate.core.DomainId;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Retirement;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is left of a retired domain.
 *
 * @param left its numbers, as the checkpoint with which it would begin anew
 */
public record Headstone(DomainId domain, Checkpoint left) {
    public Headstone {
        if (!is(left)) {
            throw new IllegalArgumentException("the checkpoint of " + domain + " is that of a domain that learns");
        }
    }

    /** True for a checkpoint that only has the numbers of a retired domain. Every worker names its base model in its own. */
    public static boolean is(Checkpoint checkpoint) {
        return checkpoint.hasRetirement() && checkpoint.getBaseDigest().isEmpty();
    }

    /** The headstone of a domain, if its last state is one and no round came after it. */
    public static Optional<Headstone> of(StateCodec.Restored state) {
        return state.snapshot()
                .filter(left -> is(left) && state.progress().isEmpty())
                .map(left -> new Headstone(state.domain(), left));
    }

    Retirement retirement() {
        return left.getRetirement();
    }

    /** Of the rounds of the domain, the one that retired it included. */
    long generation() {
        return retirement().getGeneration();
    }

    /** True for a mini-batch that came before the domain was retired, although it was not learnt from by then. */
    public boolean coversMiniBatch(long offset) {
        return offset < retirement().getBefore();
    }

    /** When the domain was retired. */
    public Instant at() {
        Timestamp at = retirement().getAt();
        return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
    }
}
