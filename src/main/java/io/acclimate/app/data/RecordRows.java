package io.acclimate.app.data;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.image.ImageDecoder;
import io.acclimate.train.Samples;
import java.util.ArrayList;
import java.util.List;

/**
 * A data set as the rows that serving makes of its records. Every row is made once at the start, which proves that the model takes it;
 * the first ones, up to {@value #KEPT_BYTES} bytes of them, are kept. One thread at a time.
 */
public final class RecordRows implements Samples {
    private static final long KEPT_BYTES = 64L << 20;

    private final LabelledRecords records;
    private final ModelInput input;
    private final ImageDecoder decoder;
    private final List<FloatTensor> kept = new ArrayList<>();

    /**
     * Makes the rows of all records.
     *
     * @throws IllegalArgumentException when the model does not take a record; the message says why
     */
    public RecordRows(LabelledRecords records, ModelInput input, ImageDecoder decoder) {
        this.records = records;
        this.input = input;
        this.decoder = decoder;
        long most = KEPT_BYTES / Math.max(1, Float.BYTES * input.row().elements());
        for (int i = 0; i < records.size(); i++) {
            FloatTensor row = read(i);
            if (i < most) {
                kept.add(row);
            }
        }
    }

    private FloatTensor read(int index) {
        Outcome<FloatTensor> row = decoder.toTensor(records.payload(index), input);
        if (row instanceof Outcome.Refused<FloatTensor> refused) {
            throw new IllegalArgumentException(
                    records.name(index) + ": " + refused.refusal().message());
        }
        return ((Outcome.Ok<FloatTensor>) row).value();
    }

    @Override
    public int size() {
        return records.size();
    }

    @Override
    public FloatTensor row(int index) {
        return index < kept.size() ? kept.get(index) : read(index);
    }

    @Override
    public int label(int index) {
        return records.label(index);
    }
}
