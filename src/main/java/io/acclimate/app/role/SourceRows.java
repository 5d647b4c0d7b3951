package io.acclimate.app.role;

import io.acclimate.adapt.domain.SourceSamples;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelSets;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Png;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import java.io.IOException;
import java.util.Optional;

/** A source data set as the worker replays it: each image goes the way of a served one, so both sides see the same pixels. */
public final class SourceRows implements SourceSamples {
    private final LabelledImages data;
    private final InputSpec input;
    private final ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());

    public SourceRows(LabelledImages data, InputSpec input) {
        this.data = data;
        this.input = input;
    }

    /**
     * Under the label set of {@code graph}, which may be another than the model file's.
     *
     * @param name as {@code --source-data} takes it; empty for the model's own
     */
    public static Optional<SourceSamples> named(String name, ModelOptions model, ModelGraph graph)
            throws IOException, InvalidModelException {
        String chosen = name.isEmpty() ? (model.model.isPresent() ? "none" : "bundled") : name;
        if (chosen.equals("none")) {
            return Optional.empty();
        }
        ClassNames known = model.source().card().classes();
        LabelledImages data = LabelSets.source(
                DataSets.open(chosen, "train"), known, graph.card().classes());
        return Optional.of(new SourceRows(data, graph.card().input()));
    }

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public FloatTensor row(int index) {
        Outcome<FloatTensor> row =
                decoder.toTensor(new Payload(Bytes.wrap(Png.encode(data.pixels(index))), Optional.empty()), input);
        if (row instanceof Outcome.Ok<FloatTensor> ok) {
            return ok.value();
        }
        throw new IllegalStateException("source image " + index + " cannot be decoded: " + row);
    }

    @Override
    public int classIndex(int index) {
        return data.label(index);
    }
}
