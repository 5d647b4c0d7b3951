package io.acclimate.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.acclimate.app.doctor.Finding.Level;
import io.acclimate.kafka.TopicReview;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaFindingsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void aSoundClusterHasNothingToMend() {
        List<Finding> findings = KafkaFindings.of(review(List.of(), List.of(), List.of(), 0), NOW);

        assertThat(findings).isNotEmpty().allSatisfy(each -> assertThat(each.level())
                .isEqualTo(Level.OK));
    }

    @Test
    void aTopicThatWouldLoseRecordsFails() {
        List<Finding> findings =
                KafkaFindings.of(review(List.of("labels has 3 partitions"), List.of(), List.of(), 0), NOW);

        assertThat(findings)
                .filteredOn(each -> each.level() == Level.FAIL)
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.text()).isEqualTo("labels has 3 partitions");
                    assertThat(each.remedy()).isNotEmpty();
                });
    }

    @Test
    void aMissingRightNamesOperationAndTopic() {
        List<Finding> findings =
                KafkaFindings.of(review(List.of(), List.of("WRITE on topic images"), List.of(), 0), NOW);

        assertThat(findings)
                .filteredOn(each -> each.subject().equals("rights"))
                .extracting(Finding::level, Finding::text)
                .containsExactly(tuple(Level.WARN, "this user lacks WRITE on topic images"));
    }

    @Test
    void aLabelFromTheFutureIsNamedWithItsDistance() {
        List<Finding> findings = KafkaFindings.of(review(List.of(), List.of(), List.of(), 7_200_000), NOW);

        assertThat(findings)
                .filteredOn(each -> each.subject().equals("clocks"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.text()).contains("labels is 7200 s ahead");
                    // The newest time may be that of the marker of a transaction, which the broker writes.
                    assertThat(each.remedy()).contains("of the broker");
                });
    }

    private static TopicReview review(List<String> wrong, List<String> denied, List<String> fragile, long aheadMillis) {
        return new TopicReview(
                List.of("images", "labels"),
                List.of(),
                wrong,
                List.of(),
                fragile,
                denied,
                Map.of("labels", NOW.toEpochMilli() + aheadMillis));
    }
}
