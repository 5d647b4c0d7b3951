package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadLetterShelfTest {
    private final DeadLetterShelf shelf = new DeadLetterShelf();
    private final Bytes picture = Fed.picture(1);

    private void refused(long offset, String reason) {
        shelf.add(new RefusedRecord(
                Fed.START,
                new Coordinates("dead-letters", 0, offset),
                new Coordinates("labels", 0, offset),
                "minibatch",
                reason,
                "x".repeat(10_000),
                "key",
                "default",
                Optional.of(picture)));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> rows(String key) {
        return (List<Map<String, Object>>) shelf.view().getOrDefault(key, List.of());
    }

    @Test
    void countsAllAndKeepsTheNewestOfWhichAFewHavePictures() {
        for (int i = 0; i < 1_000; i++) {
            refused(i, i % 4 == 0 ? "UNKNOWN_CLASS" : "MISSING_LABEL");
        }

        assertThat(shelf.view()).containsEntry("total", 1_000L);
        assertThat(rows("counts"))
                .extracting(row -> row.get("reason") + " " + row.get("count"))
                .containsExactly("MISSING_LABEL 750", "UNKNOWN_CLASS 250");
        assertThat(rows("latest")).hasSize(DeadLetterShelf.LETTERS);
        assertThat(rows("latest").get(0)).containsEntry("offset", 999L);
        assertThat(rows("latest"))
                .filteredOn(row -> String.valueOf(row.get("url")).startsWith("data:image/png"))
                .hasSize(DeadLetterShelf.PICTURES)
                .extracting(row -> row.get("offset"))
                .contains(999L, 976L);
        assertThat(rows("latest")).allSatisfy(row -> assertThat(String.valueOf(row.get("message")))
                .hasSizeLessThan(1_000));
    }

    @Test
    void reasonsThatSomebodyMadeUpAreBounded() {
        for (int i = 0; i < 10_000; i++) {
            refused(i, "made up " + i);
        }

        assertThat(rows("counts")).hasSize(200);
    }
}
