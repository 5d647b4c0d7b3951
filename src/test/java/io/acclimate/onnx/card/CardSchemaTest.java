package io.acclimate.onnx.card;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code schemas/card.schema.json} says what the reader of cards takes. */
class CardSchemaTest {
    private static JsonNode keys() throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("schemas/card.schema.json").toFile())
                .path("properties");
    }

    @Test
    void theSchemaHasTheReadersKeysInTheOrderInWhichTheyAreWritten() throws IOException {
        List<String> documented = new ArrayList<>();
        keys().fieldNames().forEachRemaining(documented::add);

        assertThat(documented).isEqualTo(CardKeys.NAMES);
        assertThat(CardYaml.entries(CardDraft.of(Cards.card())).keySet())
                .containsExactlyElementsOf(documented.stream()
                        .filter(key -> !key.equals("content") && CardKeys.belongs(key, Content.IMAGE))
                        .toList());
        for (JsonNode key : keys()) {
            assertThat(key.path("description").asText()).isNotEmpty();
        }
    }

    @Test
    void theSchemaHasTheReadersChoices() throws IOException {
        assertThat(choices("content")).isEqualTo(names(Content.values()));
        assertThat(choices("layout")).isEqualTo(names(InputSpec.Layout.values()));
        assertThat(choices("colour")).isEqualTo(names(InputSpec.Colour.values()));
        assertThat(choices("resize")).isEqualTo(names(InputSpec.Resize.values()));
        assertThat(choices("kind")).isEqualTo(names(ModelCard.OutputKind.values()));
    }

    private static List<String> choices(String key) throws IOException {
        List<String> choices = new ArrayList<>();
        keys().path(key).path("enum").forEach(each -> choices.add(each.asText()));
        return choices;
    }

    private static List<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toList();
    }
}
