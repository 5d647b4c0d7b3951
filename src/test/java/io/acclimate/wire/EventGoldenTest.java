package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.Golden;
import io.acclimate.core.Activation;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import io.acclimate.core.VersionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventGoldenTest {
    private static final DomainId SITE = new DomainId("site-1");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private static final List<AdaptationEvent> EVENTS = List.of(
            new AdaptationEvent.Trained(SITE, AT, 17, 32, 4, 3, 20, 5, 8, 1, Map.of("total", 0.75)),
            new AdaptationEvent.Judged(SITE, AT, 4, 3, new GateDecision.Promote(), 0.875, 0.75, 0.5, 128),
            new AdaptationEvent.Judged(
                    SITE, AT, 5, 4, new GateDecision.Reject(List.of("worse", "slower")), 0.25, 0.75, 0.5, 128),
            new AdaptationEvent.Judged(
                    SITE, AT, 6, 4, new GateDecision.Defer(List.of("samples")), Double.NaN, Double.NaN, Double.NaN, 0),
            activated(Activation.Cause.PROMOTE),
            activated(Activation.Cause.ACTIVATE),
            activated(Activation.Cause.ROLLBACK),
            new AdaptationEvent.Controlled(SITE, AT, "id-9", "rollback", true, "rollback to version 3"),
            new AdaptationEvent.Discarded(SITE, AT, 18, List.of("sample 2: no such class")),
            new AdaptationEvent.Reset(SITE, AT, 18, 4, "no longer proven"),
            new AdaptationEvent.Restarted(SITE, AT, 18, 4, 0.25, "diverged"),
            new AdaptationEvent.LabelsSuspected(SITE, AT, 19, "RANDOM", "no tie"),
            new AdaptationEvent.Aligned(SITE, AT, 20, 512, 10, "training starts from them"),
            new AdaptationEvent.Calibrated(SITE, AT, 4, 1.5, 128, 0.25, 0.125),
            new AdaptationEvent.Drifted(SITE, AT, 21, 4, 48, 0.75, 0.5),
            new AdaptationEvent.Drifted(
                    SITE,
                    AT,
                    21,
                    4,
                    48,
                    0.75,
                    0.5,
                    Optional.of(new AdaptationEvent.Drifted.Change(
                            AdaptationEvent.Drifted.Change.Kind.LABEL_SHIFT,
                            0.001,
                            0.002,
                            0.5,
                            List.of(new AdaptationEvent.Drifted.Change.Share("Bag", 0.25, 0.5, 0.625))))),
            new AdaptationEvent.Shadowed(SITE, AT, 4, 3, "promoted by the gate"),
            new AdaptationEvent.Trained(
                    SITE,
                    AT,
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
                    SITE,
                    AT,
                    21,
                    4,
                    AT.minusSeconds(9),
                    AT.minusSeconds(2),
                    List.of(new AdaptationEvent.Answered.Answers("Bag", "Bag", "Coat", 7))),
            new AdaptationEvent.LeftOut(SITE, AT, 22, 32));

    private static AdaptationEvent activated(Activation.Cause cause) {
        return new AdaptationEvent.Activated(
                SITE, AT, new Activation(new VersionId(SITE, 4), 6, cause, "why", AT, 544, AT.minusSeconds(2)), 3);
    }

    @Test
    void typesAndBothFormsAreThoseThatConsumersKnow() {
        StringBuilder all = new StringBuilder();
        for (AdaptationEvent event : EVENTS) {
            all.append(EventCodec.type(event)).append('\n');
            all.append(new String(new EventCodec(WireFormat.JSON).encode(event), StandardCharsets.UTF_8))
                    .append('\n');
            all.append(HexFormat.of().formatHex(new EventCodec(WireFormat.PROTOBUF).encode(event)))
                    .append('\n');
        }

        Golden.assertText(
                EventGoldenTest.class,
                "events.txt",
                "Consumers of adaptation-events select by ce_type and read these fields: they stop finding them.",
                all.toString());
    }

    @Test
    void eventsThatAreOnTheTopicAreRead() {
        List<String> lines =
                Golden.text(EventGoldenTest.class, "events.txt").lines().toList();
        EventCodec codec = new EventCodec(WireFormat.JSON);

        for (int i = 0; i < EVENTS.size(); i++) {
            AdaptationEvent event = EVENTS.get(i);
            assertThat(codec.decode(lines.get(3 * i + 1).getBytes(StandardCharsets.UTF_8)))
                    .as("JSON that an earlier build wrote")
                    .isEqualTo(event);
            assertThat(codec.decode(HexFormat.of().parseHex(lines.get(3 * i + 2))))
                    .as("Protobuf that an earlier build wrote")
                    .isEqualTo(event);
        }
    }

    @Test
    void everyKindOfEventIsAmongThem() {
        assertThat(EVENTS.stream().map(Object::getClass).distinct().toList())
                .hasSameSizeAs(AdaptationEvent.class.getPermittedSubclasses());
    }
}
