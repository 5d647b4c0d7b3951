package io.acclimate.app.verbs;

import io.acclimate.adapt.states.ListedDomain;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** A line of {@code domains}. */
record DomainRow(ListedDomain listed) {
    private String training() {
        return listed.retired()
                .map(at -> "retired at " + at.truncatedTo(ChronoUnit.SECONDS))
                .orElse(listed.paused() ? "paused" : "on");
    }

    String[] cells() {
        return new String[] {
            listed.domain().value(),
            Long.toString(listed.version()),
            Long.toString(listed.samples()),
            listed.lastLabel()
                    .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                    .orElse("-"),
            training()
        };
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("domain", listed.domain().value());
        json.put("version", listed.version());
        json.put("samplesSeen", listed.samples());
        json.put("lastLabel", listed.lastLabel().map(Instant::toString).orElse(null));
        json.put("paused", listed.paused());
        json.put("retiredAt", listed.retired().map(Instant::toString).orElse(null));
        return json;
    }
}
