package io.acclimate.adapt.domain;

import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.samples.Pixels;
import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;

/** A sample's pixels as the row that a test made. */
record HeapRow(FloatTensor row) implements Pixels {
    @Override
    public Bytes bytes() {
        return Bytes.wrap(row.toLittleEndian());
    }

    @Override
    public int hash() {
        return row.hashCode();
    }

    @Override
    public long digest() {
        return SplitMix64.mix(bytes().hashCode());
    }
}
