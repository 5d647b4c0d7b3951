package io.acclimate.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void elevenTopicsHaveNamesOfTheirOwnUnderThePrefix() {
        Topics topics = new Topics("blue-");

        assertThat(topics.all()).hasSize(11).doesNotHaveDuplicates().allMatch(each -> each.startsWith("blue-"));
        assertThat(topics.miniBatches()).isEqualTo("blue-mini-batches");
    }

    @Test
    void withoutAPrefixTheNamesAreTheContracts() {
        assertThat(Topics.DEFAULT.all())
                .containsExactly(
                        "images",
                        "labels",
                        "predictions",
                        "mini-batches",
                        "model-versions",
                        "model-weights",
                        "adaptation-events",
                        "adaptation-state",
                        "adaptation-starts",
                        "model-control",
                        "dead-letters");
    }
}
