package io.acclimate.adapt.samples;

import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.image.CompactRows;

/** The pixels of one sample in a form that gives the model's input row back bit for bit. The worker's thread only. */
public interface Pixels {
    /** The model's input row, made by each call. */
    FloatTensor row();

    /** The compact form, from memory or from disk. */
    Bytes bytes();

    /** The hash of the row: equal for equal rows. */
    int hash();

    /** A digest of the compact form, by which pictures are told apart where a mistake must be rare. */
    long digest();

    /** Pixels that take their bytes in memory until nobody refers to them. */
    record InMemory(Bytes bytes, int hash, long digest, CompactRows rows) implements Pixels {
        static InMemory of(Bytes bytes, CompactRows rows) {
            return new InMemory(bytes, rows.toRow(bytes).hashCode(), PixelDigest.of(bytes), rows);
        }

        @Override
        public FloatTensor row() {
            return rows.toRow(bytes);
        }
    }
}
