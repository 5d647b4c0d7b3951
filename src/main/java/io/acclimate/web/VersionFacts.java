package io.acclimate.web;

import io.acclimate.core.AdaptationEvent.Activated;
import io.acclimate.core.AdaptationEvent.Calibrated;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.GateDecision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the events say of one version: the gate's evidence, the losses it came from, its calibration, and how it served. Not thread-safe. */
final class VersionFacts {
    private Optional<Judged> judged = Optional.empty();
    private Map<String, Double> losses = Map.of();
    private Optional<Calibrated> calibrated = Optional.empty();
    private Optional<Activated> activated = Optional.empty();
    private long samples;
    private long servedCorrect;
    private long sourceCorrect;

    /** @param round the losses of the round that was judged */
    void judged(Judged event, Map<String, Double> round) {
        judged = Optional.of(event);
        losses = round;
    }

    void calibrated(Calibrated event) {
        calibrated = Optional.of(event);
    }

    void activated(Activated event) {
        activated = Optional.of(event);
    }

    /** Counts a mini-batch that arrived while the version served. */
    void served(Trained event) {
        samples += event.samples();
        servedCorrect += event.activeCorrect();
        sourceCorrect += event.sourceCorrect();
    }

    Map<String, Object> view() {
        Map<String, Object> row = new LinkedHashMap<>();
        judged.ifPresent(event -> row.put("gate", gate(event)));
        if (!losses.isEmpty()) {
            row.put("losses", Figures.known(losses));
        }
        calibrated.ifPresent(event -> row.put("calibration", calibration(event)));
        activated.ifPresent(event -> row.put("activation", activation(event)));
        if (samples > 0) {
            row.put(
                    "prequential",
                    new TreeMap<>(Map.of(
                            "samples", samples,
                            "served", (double) servedCorrect / samples,
                            "source", (double) sourceCorrect / samples)));
        }
        return row;
    }

    private static Map<String, Object> gate(Judged event) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", event.at().toEpochMilli());
        row.put("decision", event.decision().kind());
        row.put("reasons", reasons(event.decision()));
        row.put("against", event.activeVersion());
        row.put("holdout", event.holdoutSize());
        Figures.put(row, "candidate", event.candidateAccuracy());
        Figures.put(row, "active", event.activeAccuracy());
        Figures.put(row, "source", event.sourceAccuracy());
        return row;
    }

    private static List<String> reasons(GateDecision decision) {
        if (decision instanceof GateDecision.Reject reject) {
            return reject.reasons();
        }
        return decision instanceof GateDecision.Defer defer ? defer.missing() : List.of();
    }

    private static Map<String, Object> calibration(Calibrated event) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", event.at().toEpochMilli());
        row.put("temperature", event.temperature());
        row.put("samples", event.samples());
        Figures.put(row, "errorBefore", event.errorBefore());
        Figures.put(row, "errorAfter", event.errorAfter());
        return row;
    }

    private static Map<String, Object> activation(Activated event) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("at", event.at().toEpochMilli());
        row.put("cause", event.activation().cause().name().toLowerCase(Locale.ROOT));
        row.put("reason", event.activation().reason());
        row.put("previous", event.previous());
        row.put("samplesSeen", event.activation().samplesSeen());
        return row;
    }
}
