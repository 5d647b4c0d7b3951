package io.acclimate.adapt.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void closesWhatWasOpenedTheLastFirstWhenALaterPartFails() {
        assertThatThrownBy(() -> {
                    try (Opened opened = new Opened()) {
                        opened.add(() -> closed.add("consumer"));
                        opened.add(() -> closed.add("reader"));
                        throw new IllegalArgumentException("no such property");
                    }
                })
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(closed).containsExactly("reader", "consumer");
    }

    @Test
    void leavesWhatHasAnOwnerOpen() {
        try (Opened opened = new Opened()) {
            opened.add(() -> closed.add("consumer"));
            opened.keep();
        }
        assertThat(closed).isEmpty();
    }

    @Test
    void aPartThatDoesNotCloseKeepsNoOtherOpen() {
        assertThatThrownBy(() -> {
                    try (Opened opened = new Opened()) {
                        opened.add(() -> closed.add("consumer"));
                        opened.add(() -> {
                            throw new IllegalStateException("first");
                        });
                        opened.add(() -> {
                            throw new IllegalStateException("second");
                        });
                    }
                })
                .hasMessage("a part was not closed")
                .hasRootCauseMessage("second")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(each -> assertThat(each).hasMessage("first")));
        assertThat(closed).containsExactly("consumer");
    }
}
