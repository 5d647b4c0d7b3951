package io.acclimate.core;

import java.util.LinkedHashSet;
import java.util.Set;

/** What a failure says of itself, for logs and health answers: Kafka's clients name what is wrong only in the causes. */
public final class Causes {
    private Causes() {}

    /** The messages of the whole chain, outermost first, each once. */
    public static String messages(Throwable thrown) {
        Set<String> messages = new LinkedHashSet<>();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            messages.add(String.valueOf(each.getMessage()));
        }
        return String.join(": ", messages);
    }
}
