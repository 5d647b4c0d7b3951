package io.acclimate.adapt.rebuild;

import java.util.List;

/**
 * What a rebuild found.
 *
 * @param versions every version of the topic, in order
 * @param notes what a reader must know to judge them: settings that were not recorded or changed, records that are gone
 */
public record RebuildReport(List<Rebuilt> versions, List<String> notes) {
    public RebuildReport {
        versions = List.copyOf(versions);
        notes = List.copyOf(notes);
    }

    public List<Rebuilt.Different> differences() {
        return versions.stream()
                .filter(Rebuilt.Different.class::isInstance)
                .map(Rebuilt.Different.class::cast)
                .toList();
    }

    public int equal() {
        return versions.size() - differences().size();
    }
}
