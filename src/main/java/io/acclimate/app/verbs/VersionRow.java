package io.acclimate.app.verbs;

import io.acclimate.app.terminal.Figures;
import io.acclimate.core.Activation;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.registry.WeightReader;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A row of the list that the command prints: a version that is kept, or the source model of a domain.
 *
 * @param version empty for the source model, which is on no topic
 */
record VersionRow(DomainId domain, Optional<ModelVersion> version, boolean active) {
    private static final String NONE = "-";

    /** The versions of each domain after its source model; nothing when no domain has a version or was ever commanded. */
    static List<VersionRow> of(WeightReader.Catalogue catalogue, Optional<DomainId> only) {
        SortedSet<DomainId> domains = new TreeSet<>(catalogue.active().keySet());
        catalogue.versions().keySet().forEach(id -> domains.add(id.domain()));
        only.ifPresent(wanted -> domains.removeIf(each -> !each.equals(wanted)));
        List<VersionRow> all = new ArrayList<>();
        for (DomainId domain : domains) {
            long active = Optional.ofNullable(catalogue.active().get(domain))
                    .map(Activation::version)
                    .map(VersionId::number)
                    .orElse(VersionId.SOURCE);
            all.add(new VersionRow(domain, Optional.empty(), active == VersionId.SOURCE));
            catalogue.versions().values().stream()
                    .filter(each -> each.id().domain().equals(domain))
                    .forEach(each -> all.add(
                            new VersionRow(domain, Optional.of(each), each.id().number() == active)));
        }
        return all;
    }

    private long number() {
        return version.map(each -> each.id().number()).orElse(VersionId.SOURCE);
    }

    private boolean pinned() {
        return version.map(ModelVersion::isPinned).orElse(false);
    }

    private Optional<String> provenance(String key) {
        return version.map(each -> each.provenance().get(key));
    }

    /** The accuracy on the holdout when the gate judged it; NaN when there was none. */
    private double accuracy() {
        return provenance("candidateAccuracy").map(Figures::parse).orElse(Double.NaN);
    }

    String[] cells() {
        String shown = (pinned() ? "+" : "") + (active ? "*" : "") + number();
        return version.map(each -> new String[] {
                    domain.value(),
                    shown,
                    Long.toString(each.parent()),
                    each.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    provenance("samplesSeen").orElse(NONE),
                    Figures.percent(accuracy()),
                    Long.toString(each.bytes()),
                    each.weights().toString(),
                    DeadLettersCommand.printable(each.note())
                })
                .orElseGet(() -> new String[] {domain.value(), shown, NONE, "source model"});
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("domain", domain.value());
        json.put("version", number());
        json.put("active", active);
        json.put("pinned", pinned());
        json.put("parent", version.map(ModelVersion::parent).orElse(null));
        json.put("createdAt", version.map(each -> each.createdAt().toString()).orElse(null));
        json.put("samplesSeen", provenance("samplesSeen").map(Long::valueOf).orElse(null));
        json.put("accuracy", accuracy());
        json.put("bytes", version.map(ModelVersion::bytes).orElse(null));
        json.put("sha256", version.map(each -> each.weights().hex()).orElse(null));
        json.put("note", version.map(ModelVersion::note).orElse(""));
        json.put("provenance", version.map(ModelVersion::provenance).orElse(Map.of()));
        return json;
    }
}
