package io.acclimate.train;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.acclimate.core.Bytes;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.core.Outcome;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.onnx.WeightDelta;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code make_exports.py} wrote to {@code target/exports}: model files, pictures, and PyTorch's results. */
final class Exports {
    private static final Path FOLDER = Path.of("target/exports");
    private static final int FILES = 24;
    private static final int STEPS = 3;
    private static final int CLASSES = 10;

    private Exports() {}

    /** @param parameters plain, or merged: which of PyTorch's results this file is compared with */
    record Export(String network, String kind, String parameters) {
        Path file() {
            return FOLDER.resolve(network).resolve(kind + ".onnx");
        }

        boolean inTrainingMode() {
            return kind.equals("training");
        }

        /** Nothing was folded, so each parameter is there under its name. */
        boolean keepsAllNames() {
            return parameters.equals("plain") && !kind.contains("eval") && !kind.contains("folded");
        }

        /** PyTorch's {@code [24, 10]} before or after the three steps. */
        FloatTensor logits(String when) throws IOException {
            return FloatTensor.fromLittleEndian(Shape.of(FILES, CLASSES), Files.readAllBytes(result(when)));
        }

        /** PyTorch's weights after the three steps. */
        WeightDelta weights() throws IOException {
            return WeightDelta.parse(Files.readAllBytes(result("weights")));
        }

        private Path result(String what) {
            return FOLDER.resolve(network).resolve(parameters + "." + what);
        }

        @Override
        public String toString() {
            return network + "/" + kind;
        }
    }

    static List<Export> all() throws IOException {
        return Files.readAllLines(FOLDER.resolve("exports.tsv")).stream()
                .map(line -> line.split("\t", -1))
                .map(fields -> new Export(fields[0], fields[1], fields[2]))
                .toList();
    }

    /** The 24 pictures as serving would read them, {@code [24, 3, 32, 32]}. */
    static FloatTensor images(InputSpec spec) throws IOException {
        ImageDecoder decoder = new ImageDecoder(ImageLimits.defaults());
        List<FloatTensor> rows = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            byte[] file = Files.readAllBytes(FOLDER.resolve("%02d.png".formatted(i)));
            Outcome<FloatTensor> row = decoder.toTensor(new Payload(Bytes.wrap(file), Optional.empty()), spec);
            rows.add(((Outcome.Ok<FloatTensor>) row).value());
        }
        return FloatTensor.stack(rows);
    }

    /** Three batches of eight, in the order of the files. */
    static List<LabelledBatch> batches(FloatTensor images) throws IOException {
        List<Integer> labels = Files.readAllLines(FOLDER.resolve("labels.txt")).stream()
                .map(Integer::valueOf)
                .toList();
        int rows = FILES / STEPS;
        List<LabelledBatch> batches = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            List<FloatTensor> part = new ArrayList<>();
            for (int i = step * rows; i < (step + 1) * rows; i++) {
                part.add(images.row(i));
            }
            batches.add(new LabelledBatch(FloatTensor.stack(part), labels.subList(step * rows, (step + 1) * rows)));
        }
        return batches;
    }

    /** The file as it is, in ONNX Runtime: row by row where it fixes a batch of one. */
    static FloatTensor inOnnxRuntime(Path file, FloatTensor images) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString())) {
            String input = session.getInputNames().iterator().next();
            TensorInfo info = (TensorInfo)
                    session.getInputInfo().values().iterator().next().getInfo();
            List<FloatTensor> parts = new ArrayList<>();
            if (info.getShape()[0] == 1) {
                for (int i = 0; i < FILES; i++) {
                    FloatTensor one = FloatTensor.stack(List.of(images.row(i)));
                    parts.add(run(environment, session, input, one).row(0));
                }
                return FloatTensor.stack(parts);
            }
            return run(environment, session, input, images);
        }
    }

    private static FloatTensor run(OrtEnvironment environment, OrtSession session, String input, FloatTensor batch)
            throws OrtException {
        long[] extents =
                batch.shape().extents().stream().mapToLong(Integer::longValue).toArray();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(batch.values()), extents);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] values = new float[out.remaining()];
            out.get(values);
            return FloatTensor.wrap(Shape.of(batch.shape().extent(0), CLASSES), values);
        }
    }
}
