package io.acclimate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.core.Bytes;
import io.acclimate.core.ClassNames;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Prediction;
import io.acclimate.core.Shape;
import io.acclimate.image.HostilePictures;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Beside the test of the same name in training: both hold their rows to the one decoder's, so they are each other's. */
class PictureServingTest {
    private static final int VALUES = 3 * 8 * 8;
    private static final Topics TOPICS = Topics.DEFAULT;

    /** Answers with its input: class i's probability is the row's value i. */
    private static ModelGraph echo() throws Exception {
        ModelCard card = new ModelCard(
                "echo",
                "input",
                BiasModel.INPUT,
                "row",
                ModelCard.OutputKind.PROBABILITIES,
                new ClassNames(
                        IntStream.range(0, VALUES).mapToObj(i -> "value " + i).toList()),
                Map.of());
        byte[] onnx = new GraphBuilder("echo", 13)
                .input("input", BiasModel.INPUT.row())
                .node("Flatten", List.of("input"), List.of("row"), Map.of())
                .output("row", Shape.of(VALUES))
                .toOnnx();
        return ModelGraph.of(onnx, card);
    }

    @Test
    void fault18ServingSeesTheDecodersTensorOrADeadLetter() throws Exception {
        ImageDecoder images = new ImageDecoder(ImageLimits.defaults());
        List<byte[]> files = new ArrayList<>(HostilePictures.taken().values());
        int good = files.size();
        files.addAll(HostilePictures.refused().values());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte[] file : files) {
            records.add(new ConsumerRecord<>(TOPICS.images(), 0, records.size(), null, file));
        }
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        ServeSettings settings =
                ServeSettings.defaults().withWorkers(1).withAnswers(new AnswerSettings(VALUES, Encoding.PROTOBUF));
        try (Telemetry telemetry = Telemetry.inMemory();
                ServedModels models =
                        new ServedModels(echo(), SessionSettings.defaults(), 4, telemetry, Clock.systemUTC())) {
            models.open();
            new PollBatch(
                            TOPICS,
                            models,
                            new ImageDecoder(ImageLimits.defaults()),
                            BiasModel.INPUT,
                            settings,
                            telemetry,
                            Clock.systemUTC())
                    .process(records, sent::add);
        }

        assertThat(sent).hasSameSizeAs(files);
        for (int i = 0; i < good; i++) {
            assertThat(sent.get(i).topic()).isEqualTo(TOPICS.predictions());
            Prediction prediction =
                    new PredictionCodec(WireFormat.PROTOBUF).decode(sent.get(i).value());
            float[] row = new float[VALUES];
            prediction.topK().forEach(score -> row[score.classIndex()] = score.confidence());
            Payload payload = new Payload(Bytes.wrap(files.get(i)), Optional.empty());
            assertThat(images.toTensor(payload, BiasModel.INPUT))
                    .isEqualTo(Outcome.ok(FloatTensor.wrap(BiasModel.INPUT.row(), row)));
        }
        for (ProducerRecord<byte[], byte[]> letter : sent.subList(good, sent.size())) {
            assertThat(letter.topic()).isEqualTo(TOPICS.deadLetters());
            assertThat(letter.headers().lastHeader(DeadLetters.REASON)).isNotNull();
        }
    }
}
