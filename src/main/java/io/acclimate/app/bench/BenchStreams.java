package io.acclimate.app.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.InputSpec;
import io.acclimate.infer.NativeRuntime;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.card.ModelCard;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * What a user would write instead of this service: Kafka Streams, with one {@code ImageIO.read} and one {@code OrtSession.run} per
 * record in {@code mapValues}. Streams and ImageIO have their default settings. ONNX Runtime has its default settings too, with
 * which its threads spin, or is tuned to one thread for each run by somebody who knows.
 */
final class BenchStreams implements AutoCloseable {
    /** How ONNX Runtime is set up. */
    enum Sessions {
        DEFAULT,
        ONE_THREAD
    }

    private final OrtSession session;
    private final KafkaStreams streams;
    private final ModelCard card;
    private final AtomicLong done = new AtomicLong();

    BenchStreams(
            String bootstrap,
            String application,
            String from,
            String to,
            int threads,
            ModelGraph graph,
            Path state,
            Sessions sessions)
            throws OrtException {
        this.card = graph.card();
        ImageIO.setUseCache(true);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            if (sessions == Sessions.ONE_THREAD) {
                options.setIntraOpNumThreads(1);
            }
            this.session = NativeRuntime.environment().createSession(graph.export(WeightDelta.EMPTY), options);
        }
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(from, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .mapValues(this::classify)
                .to(to, Produced.with(Serdes.ByteArray(), Serdes.String()));
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put("auto.offset.reset", "earliest");
        this.streams = new KafkaStreams(builder.build(), properties);
    }

    void start() {
        streams.start();
    }

    long done() {
        return done.get();
    }

    private String classify(byte[] png) {
        InputSpec input = card.input().picture();
        try {
            BufferedImage image = scaled(ImageIO.read(new ByteArrayInputStream(png)), input);
            int plane = input.height() * input.width();
            float[] row = new float[3 * plane];
            for (int y = 0; y < input.height(); y++) {
                for (int x = 0; x < input.width(); x++) {
                    int rgb = image.getRGB(x, y);
                    for (int c = 0; c < 3; c++) {
                        int pixel = rgb >> (16 - 8 * c) & 0xff;
                        row[c * plane + y * input.width() + x] =
                                (pixel / 255f - input.mean().get(c))
                                        / input.std().get(c);
                    }
                }
            }
            String answer = run(row, input);
            done.incrementAndGet();
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BufferedImage scaled(BufferedImage image, InputSpec input) {
        if (image.getWidth() == input.width() && image.getHeight() == input.height()) {
            return image;
        }
        BufferedImage scaled = new BufferedImage(input.width(), input.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, input.width(), input.height(), null);
        graphics.dispose();
        return scaled;
    }

    private String run(float[] row, InputSpec input) throws OrtException {
        long[] shape = {1, 3, input.height(), input.width()};
        try (OnnxTensor tensor = OnnxTensor.createTensor(NativeRuntime.environment(), FloatBuffer.wrap(row), shape);
                OrtSession.Result result = session.run(Map.of(card.inputName(), tensor))) {
            float[] scores = ((float[][]) result.get(0).getValue())[0];
            int best = 0;
            for (int i = 1; i < scores.length; i++) {
                best = scores[i] > scores[best] ? i : best;
            }
            return "{\"label\":\"" + card.classes().name(best) + "\",\"score\":" + scores[best] + "}";
        }
    }

    @Override
    public void close() throws OrtException {
        streams.close();
        session.close();
    }
}
