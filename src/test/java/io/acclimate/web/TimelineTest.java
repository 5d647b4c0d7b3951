package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private final Timeline timeline = new Timeline();

    @Test
    void aRowIsItsTimeAndItsValues() {
        timeline.add(1, Instant.ofEpochMilli(1_500), 0.25, Double.NaN);

        assertThat(timeline.after(0)).containsExactly(List.of(1_500.0, 0.25, Double.NaN));
    }

    @Test
    void aViewerGetsWhatCameAfterItsCursor() {
        for (int seq = 1; seq <= 5; seq++) {
            timeline.add(seq, Instant.ofEpochMilli(seq), seq);
        }

        assertThat(timeline.after(3)).extracting(row -> row.get(1)).containsExactly(4.0, 5.0);
        assertThat(timeline.after(5)).isEmpty();
    }

    @Property(tries = 20)
    void howeverLongTheRunItStaysBoundedInOrderAndKeepsItsEnds(@ForAll @IntRange(min = 1, max = 30_000) int points) {
        Timeline any = new Timeline();
        for (int seq = 1; seq <= points; seq++) {
            any.add(seq, Instant.ofEpochMilli(seq), seq);
        }

        List<Double> left = any.after(0).stream().map(row -> row.get(1)).toList();

        assertThat(left).hasSizeBetween(Math.min(points, Timeline.LIMIT / 2), Timeline.LIMIT);
        assertThat(left).isSorted().doesNotHaveDuplicates();
        assertThat(left.get(0)).isEqualTo(1.0);
        assertThat(left.get(left.size() - 1)).isEqualTo((double) points);
    }
}
