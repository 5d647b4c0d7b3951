package io.acclimate.image;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.acclimate.core.InputSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Files in each combination of sampling, colour model, segments, orientation, coding and depth, against what Pillow made of them:
 * {@code make_matrix.py} writes both. The largest and mean differences are printed for each group. With Pillow 9.4 and libjpeg-turbo
 * 2.1.5 all are 0.
 */
@Tag("pictures")
class PillowMatrixIT {
    private static final Path FOLDER = Path.of("target/pictures");
    private static final int SIDE = 32;

    private record Entry(String name, String group, int width, int height) {
        byte[] bytes(String suffix) {
            try {
                return Files.readAllBytes(FOLDER.resolve(name + suffix));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        RgbImage pillows() {
            return RgbImage.wrap(width, height, bytes(".rgb"));
        }

        RgbImage ours() {
            return Pictures.value(new ImageDecoder(ImageLimits.defaults()).toPixels(Pictures.payload(bytes(""))));
        }
    }

    /** Absolute differences of all values of a group. */
    private static final class Difference {
        private long sum;
        private long values;
        private int largest;

        void add(byte[] ours, byte[] theirs) {
            assertThat(ours).hasSameSizeAs(theirs);
            for (int i = 0; i < ours.length; i++) {
                int difference = Math.abs((ours[i] & 0xff) - (theirs[i] & 0xff));
                sum += difference;
                largest = Math.max(largest, difference);
            }
            values += ours.length;
        }

        @Override
        public String toString() {
            return "mean %.4f, largest %d".formatted((double) sum / values, largest);
        }
    }

    @Test
    void pixelsAreThoseOfPillow() throws IOException {
        Map<String, Difference> groups = new TreeMap<>();
        for (Entry entry : entries()) {
            RgbImage ours = entry.ours();
            assertThat(ours.toString())
                    .as(entry.name())
                    .isEqualTo(entry.pillows().toString());
            groups.computeIfAbsent(entry.group(), group -> new Difference())
                    .add(ours.rgb(), entry.pillows().rgb());
        }

        groups.forEach((group, difference) -> System.out.println("against Pillow, " + group + ": " + difference));
        assertThat(groups).containsKeys("colour model", "orientation", "PNG", "grey", "ends", "sampling 444");
        groups.forEach(
                (group, difference) -> assertThat(difference.largest).as(group).isZero());
    }

    @Test
    void resizedPixelsAreThoseOfPillowAndTorchvision() throws IOException {
        Difference stretch = new Difference();
        Difference crop = new Difference();
        for (Entry entry : entries()) {
            RgbImage image = entry.pillows();
            stretch.add(Resizer.fit(image, SIDE, SIDE, InputSpec.Resize.STRETCH).rgb(), entry.bytes(".stretch"));
            crop.add(Resizer.fit(image, SIDE, SIDE, InputSpec.Resize.CROP).rgb(), entry.bytes(".crop"));
        }

        System.out.println("against Pillow, resized: " + stretch + "; cropped: " + crop);
        assertThat(stretch.largest).isZero();
        assertThat(crop.largest).isZero();
    }

    @Test
    void theBundledNetworkNamesTheSameClass() throws IOException, OrtException {
        List<float[]> ours = new ArrayList<>();
        List<float[]> theirs = new ArrayList<>();
        InputSpec spec = new InputSpec(
                3,
                SIDE,
                SIDE,
                InputSpec.Layout.NCHW,
                InputSpec.Colour.RGB,
                InputSpec.Resize.STRETCH,
                List.of(0.5f, 0.5f, 0.5f),
                List.of(0.5f, 0.5f, 0.5f));
        Preprocessor preprocessor = new Preprocessor(spec);
        for (Entry entry : entries()) {
            ours.add(preprocessor.toRow(entry.ours()).values());
            theirs.add(preprocessor
                    .toRow(RgbImage.wrap(SIDE, SIDE, entry.bytes(".stretch")))
                    .values());
        }

        List<Integer> ourClasses = classes(ours);
        List<Integer> theirClasses = classes(theirs);

        long equal = 0;
        for (int i = 0; i < ours.size(); i++) {
            equal += ourClasses.get(i).equals(theirClasses.get(i)) ? 1 : 0;
        }
        System.out.println("against Pillow, same class: " + equal + " of " + ours.size());
        assertThat((double) equal / ours.size()).isGreaterThanOrEqualTo(0.995);
    }

    private static List<Integer> classes(List<float[]> rows) throws IOException, OrtException {
        List<Integer> classes = new ArrayList<>();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (InputStream model = Objects.requireNonNull(
                        PillowMatrixIT.class.getResourceAsStream("/io/acclimate/model/fashion.onnx"));
                OrtSession session = environment.createSession(model.readAllBytes())) {
            String input = session.getInputNames().iterator().next();
            for (float[] row : rows) {
                try (OnnxTensor tensor = OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(row), new long[] {1, 3, SIDE, SIDE});
                        OrtSession.Result result = session.run(Map.of(input, tensor))) {
                    float[] scores = ((float[][]) result.get(0).getValue())[0];
                    int best = 0;
                    for (int i = 1; i < scores.length; i++) {
                        best = scores[i] > scores[best] ? i : best;
                    }
                    classes.add(best);
                }
            }
        }
        return classes;
    }

    private static List<Entry> entries() throws IOException {
        return Files.readAllLines(FOLDER.resolve("matrix.tsv")).stream()
                .map(line -> line.split("\t", -1))
                .map(field -> new Entry(field[0], field[1], Integer.parseInt(field[2]), Integer.parseInt(field[3])))
                .toList();
    }
}
