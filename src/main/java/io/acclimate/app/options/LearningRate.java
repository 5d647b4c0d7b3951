package io.acclimate.app.options;

import io.acclimate.train.OptimizerSettings;
import java.util.OptionalDouble;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What {@code --lr} says: a number, or {@code auto}. */
record LearningRate(OptionalDouble chosen) {
    private static final String AUTO = "auto";

    static LearningRate of(OptimizerSettings settings) {
        return new LearningRate(
                settings.isAutomatic() ? OptionalDouble.empty() : OptionalDouble.of(settings.learningRate()));
    }

    OptimizerSettings settings(OptimizerSettings.Kind kind, double momentum, double weightDecay, double clip) {
        return chosen.isPresent()
                ? new OptimizerSettings(kind, chosen.getAsDouble(), momentum, weightDecay, clip)
                : OptimizerSettings.automatic(kind, momentum, weightDecay, clip);
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return chosen.isPresent() ? Double.toString(chosen.getAsDouble()) : AUTO;
    }

    /** Reads the option's value. */
    static final class Reader implements ITypeConverter<LearningRate> {
        @Override
        public LearningRate convert(String text) {
            if (text.equalsIgnoreCase(AUTO)) {
                return new LearningRate(OptionalDouble.empty());
            }
            try {
                return new LearningRate(OptionalDouble.of(Double.parseDouble(text)));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("the learning rate is a number or auto, got '" + text + "'");
            }
        }
    }
}
