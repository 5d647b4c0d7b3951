package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ModelInput.TensorInput;
import io.acclimate.core.Shape;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.GraphBuilder;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.PredictionCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Rows of the right size and with finite values, which the model nevertheless cannot answer. */
class RefusedRowsTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final int CATEGORIES = 4;

    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();

    /** Category c is class c. It has an embedding for each category and none for others. */
    private static ModelGraph embedding() throws Exception {
        float[] table = new float[CATEGORIES * CATEGORIES];
        for (int i = 0; i < CATEGORIES; i++) {
            table[i * CATEGORIES + i] = 10;
        }
        byte[] onnx = new GraphBuilder("embedding", 13)
                .input("input", Shape.of(1))
                .output("logits", Shape.of(CATEGORIES))
                .weight("table", FloatTensor.wrap(Shape.of(CATEGORIES, CATEGORIES), table))
                .node("Cast", List.of("input"), List.of("category"), Map.of("to", 7L))
                .node("Gather", List.of("table", "category"), List.of("embedded"), Map.of("axis", 0L))
                .node("Flatten", List.of("embedded"), List.of("logits"), Map.of())
                .toOnnx();
        return ModelGraph.of(onnx, card("embedding", 1, CATEGORIES));
    }

    /** The score of class i is 1 through the row's value i, which is infinite for 0. */
    private static ModelGraph reciprocal() throws Exception {
        byte[] onnx = new GraphBuilder("reciprocal", 13)
                .input("input", Shape.of(3))
                .output("logits", Shape.of(3))
                .node("Reciprocal", List.of("input"), List.of("logits"), Map.of())
                .toOnnx();
        return ModelGraph.of(onnx, card("reciprocal", 3, 3));
    }

    /** The score of class i is the quotient of the row's value i by itself, which is no number for 0. */
    private static ModelGraph quotient() throws Exception {
        byte[] onnx = new GraphBuilder("quotient", 13)
                .input("input", Shape.of(3))
                .output("logits", Shape.of(3))
                .node("Div", List.of("input", "input"), List.of("logits"), Map.of())
                .toOnnx();
        return ModelGraph.of(onnx, card("quotient", 3, 3));
    }

    private static ModelCard card(String name, int values, int classes) {
        return new ModelCard(
                name,
                "input",
                new TensorInput(Shape.of(values)),
                "logits",
                ModelCard.OutputKind.LOGITS,
                new ClassNames(
                        IntStream.range(0, classes).mapToObj(i -> "class " + i).toList()),
                Map.of());
    }

    @Test
    void aCategoryWithoutAnEmbeddingIsADeadLetterAndTheRowsBesideItAreAnswered() throws Exception {
        int count = 2 * BatchSettings.defaults().inferenceBatch() + 10;
        Map<Integer, Float> bad = new TreeMap<>(Map.of(3, 4f, 40, 1e9f, 41, -5f, count - 1, 99f));
        List<float[]> rows = IntStream.range(0, count)
                .mapToObj(i -> new float[] {bad.getOrDefault(i, (float) (i % CATEGORIES))})
                .toList();

        Tally tally = serve(embedding(), rows);

        assertThat(sent).extracting(RefusedRowsTest::key).containsExactlyElementsOf(keys(count));
        for (int i = 0; i < count; i++) {
            if (bad.containsKey(i)) {
                assertThat(sent.get(i).topic()).isEqualTo(TOPICS.deadLetters());
                assertThat(header(i, DeadLetters.REASON)).isEqualTo("UNDECODABLE_IMAGE");
                assertThat(header(i, DeadLetters.STAGE)).isEqualTo("serve");
                assertThat(header(i, DeadLetters.MESSAGE))
                        .contains(
                                "version 0 runs the row of its warm-up and cannot run this one",
                                "out of data bounds",
                                "idx=" + bad.get(i).longValue());
            } else {
                assertThat(best(i)).as("row %s", i).isEqualTo(i % CATEGORIES);
            }
        }
        assertThat(tally.predictions().values()).containsExactly(count - bad.size());
        assertThat(tally.deadLetters().values()).containsExactly(bad.size());
    }

    @Test
    void rowsThatAreAllBadAreAllDeadLettersBecauseTheModelRunsAnotherOne() throws Exception {
        Tally tally = serve(embedding(), List.of(new float[] {4}, new float[] {5}, new float[] {6}));

        assertThat(sent)
                .extracting(ProducerRecord::topic)
                .containsExactly(TOPICS.deadLetters(), TOPICS.deadLetters(), TOPICS.deadLetters());
        assertThat(tally.predictions()).isEmpty();
        assertThat(tally.versions()).isEmpty();
    }

    @Test
    void aScoreThatIsNotFiniteIsADeadLetterOfItsRowAlone() throws Exception {
        Tally tally =
                serve(reciprocal(), List.of(new float[] {1, 2, 4}, new float[] {1, 0, -0f}, new float[] {4, 2, 1}));
        serve(quotient(), List.of(new float[] {3, 2, 1}, new float[] {5, 3, 0}));

        assertThat(sent)
                .extracting(ProducerRecord::topic)
                .containsExactly(
                        TOPICS.predictions(),
                        TOPICS.deadLetters(),
                        TOPICS.predictions(),
                        TOPICS.predictions(),
                        TOPICS.deadLetters());
        assertThat(best(0)).isZero();
        assertThat(best(2)).isEqualTo(2);
        assertThat(header(1, DeadLetters.REASON)).isEqualTo("UNDECODABLE_IMAGE");
        assertThat(header(1, DeadLetters.MESSAGE))
                .isEqualTo("the scores must be finite, and version 0 gives Infinity to class 1 'class 1'");
        assertThat(header(4, DeadLetters.MESSAGE)).contains("version 0 gives NaN to class 2 'class 2'");
        assertThat(tally.predictions().values()).containsExactly(2);
        assertThat(tally.deadLetters().values()).containsExactly(1);
    }

    private Tally serve(ModelGraph graph, List<float[]> rows) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (float[] row : rows) {
            ByteBuffer value = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float each : row) {
                value.putFloat(each);
            }
            int offset = records.size();
            records.add(new ConsumerRecord<>(
                    TOPICS.images(), 0, offset, ServeFixture.bytes("image-" + offset), value.array()));
        }
        ServeSettings settings =
                ServeSettings.defaults().withWorkers(1).withAnswers(new AnswerSettings(3, Encoding.PROTOBUF));
        try (Telemetry telemetry = Telemetry.inMemory();
                ServedModels models =
                        new ServedModels(graph, SessionSettings.defaults(), 4, telemetry, Clock.systemUTC())) {
            models.open();
            return new PollBatch(
                            TOPICS,
                            models,
                            new ImageDecoder(ImageLimits.defaults()),
                            graph.card().input(),
                            settings,
                            telemetry,
                            Clock.systemUTC())
                    .process(records, sent::add);
        }
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "image-" + i).toList();
    }

    private static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private int best(int answer) {
        return new PredictionCodec(WireFormat.PROTOBUF)
                .decode(sent.get(answer).value())
                .topK()
                .get(0)
                .classIndex();
    }

    private String header(int answer, String name) {
        return new String(sent.get(answer).headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
