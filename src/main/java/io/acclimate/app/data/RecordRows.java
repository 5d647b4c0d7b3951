package io.acclimate.app.data;

import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput;
import io.acclimate.core.Outcome;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.image.ImageDecoder;
import io.acclimate.train.Samples;
import java.util.ArrayList;
import java.util.List;

/** A small data set as the rows that serving makes of its records. All rows are made at once and kept. One thread at a time. */
public final class RecordRows implements Samples {
    private final LabelledRecords records;
    private final List<FloatTensor> rows = new ArrayList<>();

    /**
     * Makes the rows of all records.
     *
     * @throws IllegalArgumentException when the model does not take a record; the message says why
     */
    public RecordRows(LabelledRecords records, ModelInput input, ImageDecoder decoder) {
        this.records = records;
        for (int i = 0; i < records.size(); i++) {
            Outcome<FloatTensor> row = decoder.toTensor(records.payload(i), input);
            if (row instanceof Outcome.Refused<FloatTensor> refused) {
                throw new IllegalArgumentException(
                        "record " + i + ": " + refused.refusal().message());
            }
            rows.add(((Outcome.Ok<FloatTensor>) row).value());
        }
    }

    @Override
    public int size() {
        return records.size();
    }

    @Override
    public FloatTensor row(int index) {
        return rows.get(index);
    }

    @Override
    public int label(int index) {
        return records.label(index);
    }
}
