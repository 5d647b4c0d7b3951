package io.acclimate.onnx.card;

import io.acclimate.core.ClassNames;
import io.acclimate.core.ModelInput;
import io.acclimate.core.ModelInput.TextInput;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What an ONNX file does not say of itself: how a record becomes its input, what its output means, where it came from. */
public record ModelCard(
        String name,
        String inputName,
        ModelInput input,
        String outputName,
        OutputKind outputKind,
        ClassNames classes,
        Map<String, String> provenance) {

    /** What a row of the output holds. */
    public enum OutputKind {
        LOGITS,
        PROBABILITIES
    }

    public ModelCard {
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
        if (name.isBlank() || inputName.isEmpty() || outputName.isEmpty()) {
            throw new IllegalArgumentException("a card needs the names of the model, its input and its output");
        }
    }

    /** The card of {@code NAME.onnx} is {@code NAME.yaml} beside it. */
    public static Path beside(Path model) {
        String file = String.valueOf(model.getFileName());
        String stem = file.endsWith(".onnx") ? file.substring(0, file.length() - 5) : file;
        return model.resolveSibling(stem + ".yaml");
    }

    public ModelCard withClasses(ClassNames others) {
        return new ModelCard(name, inputName, input, outputName, outputKind, others, provenance);
    }

    /** The card of a text model whose graph has embeddings for so many tokens; any other card as it is. */
    ModelCard withVocabulary(int size) {
        return input instanceof TextInput text
                ? new ModelCard(name, inputName, text.withVocabulary(size), outputName, outputKind, classes, provenance)
                : this;
    }

    public ModelCard replacingProvenance(Map<String, String> others) {
        return new ModelCard(name, inputName, input, outputName, outputKind, classes, others);
    }

    public ModelCard withProvenance(Map<String, String> added) {
        Map<String, String> all = new TreeMap<>(provenance);
        all.putAll(added);
        return new ModelCard(name, inputName, input, outputName, outputKind, classes, all);
    }
}
