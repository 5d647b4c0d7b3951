package io.acclimate.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks in forms that exporters leave are served with the scores that PyTorch gives, without a card. */
class ExportedFormsTest {
    private static Path file(String name) {
        try {
            return Path.of(
                    ExportedFormsTest.class.getResource("networks/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static float[] served(ModelGraph graph, Picture picture) throws Exception {
        try (ModelSession session = ModelSession.open(graph, WeightDelta.EMPTY, SessionSettings.defaults())) {
            WarmUp.run(session, graph.card(), 3);
            return new Scores(graph.card(), 1)
                    .probabilities(session.run(picture.row(graph.card().input().picture())), 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain_softmax, 1, 0.50274",
        "fp16_keepio, 1, 0.50274",
        "fp16_io, 1, 0.50274",
        "feat_first, 1, 0.50274",
        "label_first, 1, 0.50274",
        "binary_sigmoid, 1, 0.76691",
        "rank4_out, 2, 0.55625",
        "rescaling_nhwc, 0, 0.38231",
        "uint8_nhwc, 0, 0.38231",
    })
    void aNetworkWithoutACardGivesTheRightClassAndConfidence(String name, int best, double confidence)
            throws Exception {
        ModelGraph graph = ModelGraph.read(file(name + ".onnx"));

        float[] scores = served(graph, Picture.read(file("base.png")));

        assertThat(scores[best]).isCloseTo((float) confidence, within(1e-3f));
        assertThat(scores).hasSize(name.equals("binary_sigmoid") ? 2 : 3);
        for (int i = 0; i < scores.length; i++) {
            assertThat(scores[i]).isLessThanOrEqualTo(scores[best]);
        }
    }

    @Test
    void aCardDecidesForARankFourOutput() throws Exception {
        ModelGraph graph = ModelGraph.read(file("rank4_out.onnx"), file("rank4_out.card.yaml"));

        float[] scores = served(graph, Picture.read(file("base.png")));

        assertThat(scores).containsExactly(new float[] {0.06394f, 0.37981f, 0.55625f}, within(1e-3f));
        assertThat(graph.card().classes().names()).containsExactly("cat", "dog", "fox");
        assertThat(graph.remarks()).isEmpty();
    }

    @Test
    void eachGuessIsSaidWithTheKeyThatSetsIt() throws Exception {
        Stream<String> keys =
                ModelGraph.read(file("feat_first.onnx")).remarks().stream().map(line -> line.split(":", 2)[0]);

        assertThat(keys).containsExactly("output", "colour", "resize", "mean", "std", "kind", "classes");
    }
}
