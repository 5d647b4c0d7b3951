package io.acclimate.adapt.starts;

import io.acclimate.core.DomainId;
import java.util.List;

/**
 * The place of a complete start.
 *
 * @param generation of the domain's rounds when it was written
 * @param slot which of the domain's two it has
 * @param offsets of its records, in the order of their indexes
 */
public record KeptStart(DomainId domain, long generation, int slot, List<Long> offsets) {
    public KeptStart {
        offsets = List.copyOf(offsets);
        if (slot < 0 || slot >= KeptStarts.SLOTS || offsets.isEmpty()) {
            throw new IllegalArgumentException("a start of " + domain + " has records in one of " + KeptStarts.SLOTS
                    + " slots, got " + offsets.size() + " records in slot " + slot);
        }
    }
}
