package io.acclimate.adapt.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwakeTest {
    private final List<String> resting = new ArrayList<>();

    private Resting domain(String name) {
        return () -> resting.add(name);
    }

    @Test
    void theLeastRecentlyUsedRestsWhenTooManyAreAwake() {
        try (Awake awake = new Awake(2)) {
            Resting a = domain("a");
            awake.used(a);
            awake.used(domain("b"));
            awake.used(a);

            awake.used(domain("c"));

            assertThat(resting).containsExactly("b");
        }
    }

    @Test
    void whatHasLeftMakesRoom() {
        try (Awake awake = new Awake(2)) {
            Resting a = domain("a");
            awake.used(a);
            awake.used(domain("b"));
            awake.left(a);

            awake.used(domain("c"));

            assertThat(resting).isEmpty();
        }
    }

    @Test
    void givesBackTheBytesOfEach() {
        try (Awake awake = new Awake(1)) {
            Awake.Place first = awake.put(new byte[] {1, 2});
            Awake.Place second = awake.put(new byte[] {3, 4});

            assertThat(awake.read(first)).containsExactly(1, 2);
            assertThat(awake.read(second)).containsExactly(3, 4);
        }
    }

    @Test
    void atLeastOneIsAwake() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Awake(0)).withMessageContaining("got 0");
    }
}
