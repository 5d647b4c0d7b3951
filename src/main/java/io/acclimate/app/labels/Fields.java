package io.acclimate.app.labels;

import java.util.Collection;
import java.util.Optional;

/**
 * Which of a file's fields to read, where the user says so.
 *
 * @param label the control of Label Studio, the field of a FiftyOne sample, or the column of a CSV that holds the class
 * @param id the data field, sample field or column that holds the image id itself
 */
record Fields(Optional<String> label, Optional<String> id) {
    static final Fields GUESSED = new Fields(Optional.empty(), Optional.empty());

    /** Refuses a file that does not say which of several fields is meant. */
    static InvalidLabelFileException unclear(String what, String option, Collection<String> candidates) {
        return new InvalidLabelFileException("it is not clear which field holds " + what + ": name one with " + option
                + ", out of " + String.join(", ", candidates));
    }

    /** Refuses a label field that is none of the {@code known}. Without any known, nobody has labelled anything yet. */
    void requireLabel(String kind, Collection<String> known) throws InvalidLabelFileException {
        if (label.isPresent() && !known.isEmpty() && !known.contains(label.get())) {
            throw new InvalidLabelFileException("--label-field names " + kind + " " + label.get() + ", and the " + kind
                    + "s are " + String.join(", ", known));
        }
    }
}
