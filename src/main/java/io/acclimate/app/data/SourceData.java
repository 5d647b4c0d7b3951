package io.acclimate.app.data;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.Content;
import io.acclimate.dataset.DataSets;
import io.acclimate.dataset.LabelSets;
import io.acclimate.dataset.LabelledRecords;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.train.Samples;
import java.io.IOException;
import java.util.Optional;

/** The source set that {@code --source-data} names. */
public final class SourceData {
    private SourceData() {}

    /**
     * The source set in the label set of {@code graph}, which may differ from the model file's.
     *
     * @param name {@code none}, a data set, or empty for the set that belongs to the model
     */
    public static Optional<Samples> of(String name, ModelOptions model, ModelGraph graph)
            throws IOException, InvalidModelException {
        String chosen = name.isEmpty() ? (model.model.isPresent() ? "none" : "bundled") : name;
        if (chosen.equals("none")) {
            return Optional.empty();
        }
        ClassNames known = model.source().card().classes();
        ClassNames wanted = graph.card().classes();
        ModelInput input = graph.card().input();
        if (input.content() == Content.IMAGE) {
            return Optional.of(new ImageRows(LabelSets.source(DataSets.open(chosen, "train"), known, wanted), input));
        }
        LabelledRecords records =
                LabelSets.source(DataSets.openRecords(chosen, "train", input.content()), known, wanted);
        return Optional.of(new RecordRows(records, input, new ImageDecoder(ImageLimits.defaults())));
    }
}
