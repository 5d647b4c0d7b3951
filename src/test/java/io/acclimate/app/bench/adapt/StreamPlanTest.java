package io.acclimate.app.bench.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.dataset.Shift;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamPlanTest {
    @ParameterizedTest
    @ValueSource(strings = {"blend", "abrupt:fog", "gradual:invert", "aba:blend:invert"})
    void isNamedAsItIsAskedFor(String name) {
        assertThat(StreamPlan.parse(name).label()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rain", "steady:blend", "abrupt", "abrupt:blend:fog", "aba:blend", "later:blend"})
    void refusesWhatIsNoStreamAndNamesIt(String name) {
        assertThatThrownBy(() -> StreamPlan.parse(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void abruptStreamChangesAtAThird() {
        List<Shift> domains = domains("abrupt:fog", 300);

        assertThat(domains.subList(0, 100)).containsOnly(Shift.NONE);
        assertThat(domains.subList(100, 300)).containsOnly(Shift.FOG);
    }

    @Test
    void gradualStreamMixesInTheMiddleHalf() {
        List<Shift> domains = domains("gradual:fog", 400);

        assertThat(domains.subList(0, 100)).containsOnly(Shift.NONE);
        assertThat(domains.subList(300, 400)).containsOnly(Shift.FOG);
        assertThat(domains.subList(150, 250).stream().filter(Shift.FOG::equals).count())
                .isBetween(35L, 65L);
    }

    @Test
    void returningStreamEndsInItsFirstDomain() {
        List<Shift> domains = domains("aba:blend:invert", 300);

        assertThat(domains.subList(0, 100)).containsOnly(Shift.BLEND);
        assertThat(domains.subList(100, 200)).containsOnly(Shift.INVERT);
        assertThat(domains.subList(200, 300)).containsOnly(Shift.BLEND);
        assertThat(StreamPlan.parse("aba:blend:invert").last()).isEqualTo(Shift.BLEND);
    }

    private static List<Shift> domains(String name, int count) {
        SplittableRandom random = new SplittableRandom(1);
        StreamPlan plan = StreamPlan.parse(name);
        return IntStream.range(0, count)
                .mapToObj(i -> plan.at(i, count, random))
                .toList();
    }
}
