package io.acclimate.app.data;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.image.Preprocessor;
import io.acclimate.train.Samples;
import org.jspecify.annotations.Nullable;

/**
 * A data set as the rows that serving would make of it. Replay and the epochs of offline training ask for the same rows again and
 * again, so the first rows, up to {@value #KEPT_BYTES} bytes of them, are kept once they were made. One thread at a time.
 */
public final class ImageRows implements Samples {
    /** This is 5,461 rows of 3 × 32 × 32, and 111 of 3 × 224 × 224. */
    private static final long KEPT_BYTES = 64L << 20;

    private final LabelledImages images;
    private final Preprocessor preprocessor;
    private final @Nullable FloatTensor[] kept;

    public ImageRows(LabelledImages images, ModelInput input) {
        InputSpec spec = input.picture();
        this.images = images;
        this.preprocessor = new Preprocessor(spec);
        long rowBytes = Float.BYTES * spec.row().elements();
        this.kept = new FloatTensor[(int) Math.min(images.size(), KEPT_BYTES / Math.max(1, rowBytes))];
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public FloatTensor row(int index) {
        FloatTensor before = index < kept.length ? kept[index] : null;
        if (before != null) {
            return before;
        }
        FloatTensor row = preprocessor.toRow(images.pixels(index));
        if (index < kept.length) {
            kept[index] = row;
        }
        return row;
    }

    @Override
    public int label(int index) {
        return images.label(index);
    }
}
