package io.acclimate.app.offline;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.image.Preprocessor;
import io.acclimate.train.offline.Samples;

/** A data set as the rows that serving would make of it. */
public final class TrainingData implements Samples {
    private final LabelledImages images;
    private final Preprocessor preprocessor;

    public TrainingData(LabelledImages images, InputSpec spec) {
        this.images = images;
        this.preprocessor = new Preprocessor(spec);
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public FloatTensor row(int index) {
        return preprocessor.toRow(images.pixels(index));
    }

    @Override
    public int label(int index) {
        return images.label(index);
    }
}
