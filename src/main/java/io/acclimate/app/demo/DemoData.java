package io.acclimate.app.demo;

import io.acclimate.app.data.ImageRows;
import io.acclimate.app.data.RecordRows;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ModelInput;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.dataset.Shift;
import io.acclimate.dataset.Speech;
import io.acclimate.dataset.Texts;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Samples;
import java.io.IOException;

/** What a demo streams: a source model, records of its target domain, and samples of its source domain. */
enum DemoData {
    /** Fashion-MNIST, shifted as {@code --shift} says. */
    PICTURES("fashion", 8000),
    /** Spoken words: one voice in a quiet room, then another voice in noise. */
    SPEECH("speech", 3000),
    /** Requests to a shop: formal letters, then what people type into a chat. */
    TEXT("text", 6000);

    private final String model;
    private final int records;

    DemoData(String model, int records) {
        this.model = model;
        this.records = records;
    }

    ModelGraph model() throws IOException, InvalidModelException {
        return ModelOptions.bundled(model);
    }

    /** How many records a demo streams unless it is told. No record of a smaller stream comes twice. */
    int records() {
        return records;
    }

    LabelledRecords target(Shift shift, long seed) {
        return switch (this) {
            case PICTURES -> Bundled.targetTest().shifted(shift, seed);
            case SPEECH -> Speech.targetTest();
            case TEXT -> Texts.targetTest();
        };
    }

    Samples source(ModelInput input) {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        return switch (this) {
            case PICTURES -> new ImageRows(Bundled.sourceReplay(), input);
            case SPEECH -> new RecordRows(Speech.sourceReplay(), input, decoder);
            case TEXT -> new RecordRows(Texts.sourceReplay(), input, decoder);
        };
    }
}
