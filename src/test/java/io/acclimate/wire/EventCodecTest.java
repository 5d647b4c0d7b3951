package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.VersionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final DomainId DOMAIN = new DomainId("camera-1");

    static Stream<AdaptationEvent> events() {
        return Stream.of(
                new AdaptationEvent.Trained(
                        DOMAIN, TIME, 5, 32, 2, 3, 20, 11, 8, 1, Map.of("total", 0.5, "label", 0.25)),
                judged(new GateDecision.Promote()),
                judged(new GateDecision.Reject(List.of("0.1 worse than the source"))),
                judged(new GateDecision.Defer(List.of("3 of 4 holdout samples"))),
                new AdaptationEvent.Activated(
                        DOMAIN,
                        TIME,
                        new Activation(
                                new VersionId(DOMAIN, 4), 2, Activation.Cause.ROLLBACK, "by hand", TIME, 9, TIME),
                        3),
                new AdaptationEvent.Controlled(DOMAIN, TIME, "c-1", "pause", true, "training is paused"),
                new AdaptationEvent.Reset(DOMAIN, TIME, 7, 3, "no longer proven"),
                new AdaptationEvent.Restarted(DOMAIN, TIME, 7, 3, 0.25, "diverged"),
                new AdaptationEvent.LabelsSuspected(DOMAIN, TIME, 8, "PERMUTED", "shifted by 1"),
                new AdaptationEvent.Aligned(DOMAIN, TIME, 9, 512, 10, "training starts from them"),
                new AdaptationEvent.Calibrated(DOMAIN, TIME, 4, 1.5, 128, 0.25, 0.125),
                new AdaptationEvent.Drifted(DOMAIN, TIME, 21, 4, 48, 0.75, 0.5),
                new AdaptationEvent.Shadowed(DOMAIN, TIME, 4, 3, "promoted by the gate"),
                new AdaptationEvent.Trained(
                        DOMAIN,
                        TIME,
                        17,
                        32,
                        4,
                        0,
                        5,
                        5,
                        8,
                        1,
                        Map.of("total", 0.75),
                        0,
                        Optional.of(new AdaptationEvent.Trained.Shadow(4, 20))),
                new AdaptationEvent.Answered(
                        DOMAIN,
                        TIME,
                        6,
                        3,
                        TIME.minusSeconds(9),
                        TIME.minusSeconds(2),
                        List.of(
                                new AdaptationEvent.Answered.Answers("Bag", "Bag", "Coat", 7),
                                new AdaptationEvent.Answered.Answers("Coat", "Bag", "Coat", 1))),
                new AdaptationEvent.LeftOut(DOMAIN, TIME, 6, 32),
                new AdaptationEvent.Discarded(DOMAIN, TIME, 5, List.of("no image", "no class")));
    }

    private static AdaptationEvent.Judged judged(GateDecision decision) {
        return new AdaptationEvent.Judged(DOMAIN, TIME, 4, 3, decision, 0.75, 0.5, 0.25, 16);
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventComesBackAsItWasFromEachFormat(AdaptationEvent event) {
        EventCodec json = new EventCodec(WireFormat.JSON);
        EventCodec protobuf = new EventCodec(WireFormat.PROTOBUF);

        assertThat(json.decode(json.encode(event))).isEqualTo(event);
        assertThat(protobuf.decode(protobuf.encode(event))).isEqualTo(event);
        assertThat(json.decode(protobuf.encode(event))).isEqualTo(event);
    }

    @Test
    void accuraciesOfAnEmptyHoldoutAreKeptAsNotANumber() {
        AdaptationEvent.Judged empty = new AdaptationEvent.Judged(
                DOMAIN, TIME, 4, 3, new GateDecision.Defer(List.of()), Double.NaN, Double.NaN, Double.NaN, 0);
        EventCodec codec = new EventCodec(WireFormat.JSON);

        byte[] json = codec.encode(empty);

        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"candidateAccuracy\":\"NaN\"");
        assertThat(codec.decode(json)).isEqualTo(empty);
    }

    @Test
    void anEventWithoutAKindIsUnreadable() {
        assertThatThrownBy(() -> read("{\"domain\":\"camera-1\"}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("an adaptation event of camera-1 names no kind");
    }

    @Test
    void aDecisionOfALaterBuildIsUnreadableAndNotGuessed() {
        assertThatThrownBy(() -> read("{\"domain\":\"camera-1\",\"judged\":{\"decision\":42}}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("unknown gate decision 42");
    }

    @Test
    void aTemperatureThatNothingCanBeDividedByIsUnreadable() {
        for (String temperature : List.of("0", "-1", "\"NaN\"", "\"Infinity\"")) {
            assertThatThrownBy(() -> read("{\"domain\":\"camera-1\",\"calibrated\":{\"version\":\"4\",\"temperature\":"
                            + temperature + "}}"))
                    .isInstanceOf(UnreadableRecordException.class)
                    .hasMessageContaining("a temperature is finite and above 0");
        }
    }

    @Test
    void aFieldOfALaterBuildIsIgnored() {
        AdaptationEvent event = read(
                "{\"domain\":\"camera-1\",\"colour\":\"red\",\"discarded\":{\"miniBatch\":\"5\",\"messages\":[\"x\"]}}");

        assertThat(event).isEqualTo(new AdaptationEvent.Discarded(DOMAIN, Instant.EPOCH, 5, List.of("x")));
    }

    @Test
    void anIdNamesTheGenerationThatWroteTheEvent() {
        String id = EventCodec.id(new DomainId("site-1-7"), 1234, 2);

        assertThat(id).isEqualTo("site-1-7-1234-2");
        assertThat(EventCodec.generation(id)).hasValue(1234);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "camera", "camera-1", "-1-2", "camera-1-2x", "camera-x-2", "camera-1234567890123456789-2"})
    void whatIsNoIdOfOursNamesNoGeneration(String id) {
        assertThat(EventCodec.generation(id)).isEmpty();
    }

    @Test
    void aBadDomainOrTextIsUnreadable() {
        assertThatThrownBy(() -> read("{\"domain\":\"a b\",\"discarded\":{}}"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not an adaptation event: ");
        assertThatThrownBy(() -> read("{\"domain\":"))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("not a AdaptationEvent: ");
    }

    private static AdaptationEvent read(String json) {
        return new EventCodec(WireFormat.JSON).decode(json.getBytes(StandardCharsets.UTF_8));
    }
}
