package io.acclimate.adapt.starts;

import io.acclimate.core.DomainId;
import java.util.List;

/**
 * The place of a complete start.
 *
 * @param generation of the domain's rounds when it was written
 * @param slot which of the domain's two it has
 * @param state offsets of the records that have its state, in the order of their indexes
 * @param samples offsets of the records that have its samples
 */
public record KeptStart(DomainId domain, long generation, int slot, List<Long> state, List<Long> samples) {
    public KeptStart {
        state = List.copyOf(state);
        samples = List.copyOf(samples);
        if (slot < 0 || slot >= KeptStarts.SLOTS || state.isEmpty()) {
            throw new IllegalArgumentException("a start of " + domain + " has its state in one of " + KeptStarts.SLOTS
                    + " slots, got " + state.size() + " records of it in slot " + slot);
        }
    }
}
