package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.AdaptationEvent.Answered;
import io.acclimate.core.AdaptationEvent.Answered.Answers;
import io.acclimate.core.DomainId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClassWindowTest {
    private final ClassWindow window = new ClassWindow();

    private static Answered answered(Answers... answers) {
        return new Answered(DomainId.DEFAULT, Instant.EPOCH, 1, 1, Instant.EPOCH, Instant.EPOCH, List.of(answers));
    }

    private ClassWindow.Tally tally(String name) {
        return Objects.requireNonNull(window.classes().get(name));
    }

    @Test
    void tellsClassesAndModelsApart() {
        window.add(answered(new Answers("cat", "cat", "dog", 3), new Answers("dog", "cat", "dog", 1)));
        window.add(answered(new Answers("cat", "dog", "cat", 1)));

        assertThat(window.classes()).containsOnlyKeys("cat", "dog");
        assertThat(tally("cat").activeAccuracy()).isEqualTo(0.75);
        assertThat(tally("cat").sourceAccuracy()).isEqualTo(0.25);
        assertThat(tally("dog").activeAccuracy()).isZero();
        assertThat(tally("dog").sourceAccuracy()).isOne();
    }

    @Test
    void aMiniBatchLeavesOnceTheOthersFillTheWindow() {
        window.add(answered(new Answers("cat", "dog", "dog", 10)));
        window.add(answered(new Answers("cat", "cat", "cat", ClassWindow.SAMPLES - 10)));
        assertThat(tally("cat").samples()).isEqualTo(ClassWindow.SAMPLES);

        window.add(answered(new Answers("cat", "cat", "cat", 10)));

        assertThat(tally("cat").samples()).isEqualTo(ClassWindow.SAMPLES);
        assertThat(tally("cat").activeAccuracy()).isOne();
    }

    @Test
    void aClassWhoseSamplesHaveLeftHasNoAccuracy() {
        window.add(answered(new Answers("cat", "cat", "cat", 1)));
        window.add(answered(new Answers("dog", "dog", "dog", ClassWindow.SAMPLES)));

        assertThat(tally("cat").samples()).isZero();
        assertThat(tally("cat").activeAccuracy()).isNaN();
        assertThat(tally("dog").activeAccuracy()).isOne();
    }
}
