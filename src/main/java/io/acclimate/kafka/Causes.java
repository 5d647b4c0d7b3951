package io.acclimate.kafka;

import java.util.LinkedHashSet;
import java.util.Set;

/** Texts of failures for logs and health answers. Kafka's clients often name the reason only in an exception's causes. */
public final class Causes {
    private Causes() {}

    /** The messages of a failure and all its causes, the outermost first, without repetition. */
    public static String messages(Throwable thrown) {
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            messages.add(String.valueOf(each.getMessage()));
        }
        return String.join(": ", messages);
    }
}
