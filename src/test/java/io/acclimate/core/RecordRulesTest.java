package io.acclimate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the records of this room refuse on entry, and that they keep what they were given. */
class RecordRulesTest {
    private static final Coordinates AT = new Coordinates("labels", 0, 7);
    private static final VersionId THIRD = new VersionId(DomainId.DEFAULT, 3);
    private static final Digest DIGEST = Digest.of(new byte[0]);

    @Test
    void aPredictionNamesAClassAndWasNotMadeBeforeItsImage() {
        ClassScore cat = new ClassScore(0, "cat", 0.9f);

        assertThat(prediction(List.of(cat, new ClassScore(1, "dog", 0.1f)), 0, Duration.ZERO)
                        .best())
                .isEqualTo(cat);
        assertThatThrownBy(() -> prediction(List.of(), 0, Duration.ZERO)).hasMessageContaining("at least one class");
        assertThatThrownBy(() -> prediction(List.of(cat), -1, Duration.ZERO)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> prediction(List.of(cat), 0, Duration.ofMillis(-5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.005S");
    }

    @Test
    void aVersionComesFromAnEarlierOneAndHasChunks() {
        assertThat(version(2, 1, 0).parent()).isEqualTo(2);
        assertThatThrownBy(() -> version(3, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("version default/3 cannot come from version 3");
        assertThatThrownBy(() -> version(2, 0, 10)).hasMessageContaining("got 0 of 10 bytes");
        assertThatThrownBy(() -> version(2, 1, -1)).hasMessageContaining("got 1 of -1 bytes");
    }

    @Test
    void epochsOfActivationsStartAtOne() {
        assertThat(activation(1).epoch()).isEqualTo(1);
        assertThatThrownBy(() -> activation(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epochs start at 1, got 0");
    }

    @Test
    void aMiniBatchHasSamplesAndKeepsThemWhenTheGivenListChanges() {
        List<LabelledSample> given = new ArrayList<>(List.of(sample(4)));
        MiniBatch batch = miniBatch(given);

        given.clear();

        assertThat(batch.samples()).containsExactly(sample(4));
        assertThatThrownBy(() -> miniBatch(List.of())).hasMessageContaining("at least one sample");
    }

    @Test
    void aSampleWithAnotherImageKeepsItsLabel() {
        Payload other = new Payload(Bytes.utf8("pixels"), Optional.of("image/png"));

        assertThat(sample(4).withImage(other))
                .isEqualTo(new LabelledSample(new ImageId("x"), 4, "cat", other, AT, Instant.EPOCH));
        assertThatThrownBy(() -> sample(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class index must not be negative, got -1");
    }

    @Test
    void aGateDecisionHasTheWordThatMetricsAndEventsUse() {
        assertThat(List.of(
                        new GateDecision.Promote(),
                        new GateDecision.Reject(List.of("worse by 0.1")),
                        new GateDecision.Defer(List.of("40 samples"))))
                .extracting(GateDecision::kind)
                .containsExactly("promote", "reject", "defer");
    }

    @Test
    void listsAndMapsInRecordsAreCopies() {
        List<String> reasons = new ArrayList<>(List.of("worse"));
        Map<String, String> provenance = new HashMap<>(Map.of("seed", "1"));
        Map<String, Double> losses = new HashMap<>(Map.of("total", 1.0));
        GateDecision.Reject reject = new GateDecision.Reject(reasons);
        GateDecision.Defer defer = new GateDecision.Defer(reasons);
        AdaptationEvent.Discarded discarded =
                new AdaptationEvent.Discarded(DomainId.DEFAULT, Instant.EPOCH, 1, reasons);
        ModelVersion version = new ModelVersion(THIRD, 2, DIGEST, reasons, DIGEST, AT, 1, 0, Instant.EPOCH, provenance);
        AdaptationEvent.Trained trained =
                new AdaptationEvent.Trained(DomainId.DEFAULT, Instant.EPOCH, 1, 32, 4, 0, 1, 1, 1, 0, losses);

        reasons.clear();
        provenance.clear();
        losses.clear();

        assertThat(reject.reasons()).containsExactly("worse");
        assertThat(defer.missing()).containsExactly("worse");
        assertThat(discarded.messages()).containsExactly("worse");
        assertThat(version.classes()).containsExactly("worse");
        assertThat(version.provenance()).containsEntry("seed", "1");
        assertThat(trained.losses()).containsEntry("total", 1.0);
    }

    private static Prediction prediction(List<ClassScore> top, long version, Duration took) {
        return new Prediction(new ImageId("x"), DomainId.DEFAULT, top, version, AT, Instant.EPOCH, took);
    }

    private static ModelVersion version(long parent, int chunks, long bytes) {
        return new ModelVersion(THIRD, parent, DIGEST, List.of(), DIGEST, AT, chunks, bytes, Instant.EPOCH, Map.of());
    }

    private static Activation activation(long epoch) {
        return new Activation(THIRD, epoch, Activation.Cause.PROMOTE, "better", Instant.EPOCH, 96, Instant.EPOCH);
    }

    private static MiniBatch miniBatch(List<LabelledSample> samples) {
        return new MiniBatch(DomainId.DEFAULT, 0, MiniBatch.FlushCause.COUNT, samples, Instant.EPOCH, Instant.EPOCH);
    }

    private static LabelledSample sample(int classIndex) {
        return new LabelledSample(
                new ImageId("x"), classIndex, "cat", new Payload(Bytes.EMPTY, Optional.empty()), AT, Instant.EPOCH);
    }
}
