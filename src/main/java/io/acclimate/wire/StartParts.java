package io.acclimate.wire;

import io.acclimate.core.DomainId;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartSample;
import io.acclimate.wire.v1.StartState;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Cuts one start into the values of its records and numbers them. Samples may be given in groups before the state, so that the caller need
 * not have all of them in memory. Only {@link #end} makes the start complete. One thread.
 */
public final class StartParts {
    private final DomainId domain;
    private final long generation;
    private final int slot;
    private final String form;
    private final Sink each;
    private int next;

    /** Takes one record's value. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes a part.
         *
         * @param ofSamples false for a part of the state
         */
        void part(int index, boolean ofSamples, byte[] value);
    }

    /**
     * The parts of one start of a domain.
     *
     * @param form of the samples' pixels
     * @param each is given the parts in the order of their indexes, one at a time
     */
    public StartParts(DomainId domain, long generation, int slot, String form, Sink each) {
        this.domain = domain;
        this.generation = generation;
        this.slot = slot;
        this.form = form;
        this.each = each;
    }

    /** Gives samples, of which more may follow. */
    public void samples(Collection<StartSample> samples) {
        StartPart.Builder rest = full(samples);
        if (rest.getSamplesCount() > 0) {
            give(rest);
        }
    }

    /**
     * Gives the state.
     *
     * @param state in messages that are made one after another, since all of it has each trained weight four times; joined they are one
     */
    public void state(List<Supplier<StartState>> state) {
        state.forEach(
                one -> Pieces.of(one.get(), piece -> give(StartPart.newBuilder().setPayload(piece))));
    }

    /** Gives the last samples, which may be none, and marks the last part. */
    public void end(Collection<StartSample> samples) {
        give(full(samples).setLast(true));
    }

    /** Gives all parts that are full, and returns the rest. */
    private StartPart.Builder full(Collection<StartSample> samples) {
        StartPart.Builder part = StartPart.newBuilder();
        int bytes = 0;
        for (StartSample sample : samples) {
            if (bytes > 0 && bytes + sample.getSerializedSize() > Pieces.BYTES) {
                give(part);
                part = StartPart.newBuilder();
                bytes = 0;
            }
            part.addSamples(sample);
            bytes += sample.getSerializedSize();
        }
        return part;
    }

    private void give(StartPart.Builder part) {
        int index = next++;
        boolean ofSamples = part.getSamplesCount() > 0;
        if (ofSamples) {
            part.setForm(form);
        }
        each.part(
                index,
                ofSamples,
                part.setDomain(domain.value())
                        .setGeneration(generation)
                        .setSlot(slot)
                        .setIndex(index)
                        .build()
                        .toByteArray());
    }
}
