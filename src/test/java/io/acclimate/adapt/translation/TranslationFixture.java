package io.acclimate.adapt.translation;

import io.acclimate.adapt.random.PictureChanges;
import io.acclimate.adapt.random.SplitMix64;
import io.acclimate.adapt.settings.StepSettings.Translation.Look;
import io.acclimate.adapt.worker.AdaptFixture;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.InputSpec;
import io.acclimate.dataset.Bundled;
import io.acclimate.dataset.LabelledImages;
import io.acclimate.dataset.Shift;
import io.acclimate.infer.ModelSession;
import io.acclimate.infer.Scores;
import io.acclimate.infer.SessionSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.LabelledBatch;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The bundled source model, and pictures of domains. */
final class TranslationFixture implements AutoCloseable {
    static final ModelGraph MODEL = AdaptFixture.sourceModel();

    private static final int MOST = 300;
    private static final Map<Shift, List<PictureSample>> MADE = new ConcurrentHashMap<>();

    private final ModelSession session;

    TranslationFixture() {
        try {
            this.session = ModelSession.open(MODEL, WeightDelta.EMPTY, SessionSettings.defaults());
        } catch (Exception e) {
            throw new IllegalStateException("the bundled model must open", e);
        }
    }

    InputSpec input() {
        return MODEL.card().input().picture();
    }

    SourceAnswers source() {
        return (count, row) -> {
            List<FloatTensor> rows = IntStream.range(0, count).mapToObj(row).toList();
            FloatTensor scores = session.run(FloatTensor.stack(rows));
            return IntStream.range(0, count)
                    .mapToObj(i -> Scores.best(scores, i))
                    .toList();
        };
    }

    /** How many of the rows the source model takes for their class. */
    int hits(LabelledBatch batch) {
        return hits(IntStream.range(0, batch.size())
                .mapToObj(i ->
                        new PictureSample(batch.inputs().row(i), batch.classes().get(i)))
                .toList());
    }

    int hits(List<PictureSample> samples) {
        List<Integer> answers =
                source().classes(samples.size(), i -> samples.get(i).row());
        return (int) IntStream.range(0, samples.size())
                .filter(i -> answers.get(i) == samples.get(i).classIndex())
                .count();
    }

    List<PictureSample> samples(Shift shift, int count) {
        return MADE.computeIfAbsent(shift, TranslationFixture::made).subList(0, count);
    }

    /** Pictures that are turned to the left, and faint, with the noise of a poor camera: {@code deviation} of 255 values. */
    static List<PictureSample> faintTurnedAndNoisy(int count, double deviation) {
        PictureTranslation turns = new PictureTranslation(MODEL.card().input().picture(), Look.THROUGH_NOISE);
        Translation left = Translation.NONE.with(Translation.Choice.TURN, 2);
        SplitMix64 random = new SplitMix64(1);
        return faintAndNoisy(count, deviation, row -> turns.toDomain(row, () -> turns.exposure(row), left, random));
    }

    static List<PictureSample> faintAndNoisy(int count, double deviation, UnaryOperator<FloatTensor> first) {
        LabelledImages images = Bundled.targetTest();
        Random random = new Random(1);
        PictureChanges changes = new PictureChanges(MODEL.card().input().picture());
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    FloatTensor row = first.apply(AdaptFixture.row(images, i, MODEL));
                    float[] pixels = changes.pixels(row);
                    for (int k = 0; k < pixels.length; k++) {
                        double noise = deviation / 255 * random.nextGaussian();
                        pixels[k] = (float) Math.max(0, Math.min(1, 0.35 * pixels[k] + 60 / 255.0 + noise));
                    }
                    return new PictureSample(changes.row(row.shape(), pixels), images.label(i));
                })
                .toList();
    }

    /** The same pictures as a model gets them that pads: black around what is smaller than its input. */
    static List<PictureSample> padded(List<PictureSample> samples, int frame) {
        InputSpec input = MODEL.card().input().picture();
        Box box = new Box(frame, frame, input.height() - 2 * frame, input.width() - 2 * frame);
        PictureChanges changes = new PictureChanges(input);
        return samples.stream()
                .map(sample -> {
                    FloatTensor row = sample.row();
                    FloatTensor black = changes.row(row.shape(), new float[row.values().length]);
                    return new PictureSample(box.pasted(black, box.cropped(row, input), input), sample.classIndex());
                })
                .toList();
    }

    private static List<PictureSample> made(Shift shift) {
        LabelledImages images = Bundled.targetTest().shifted(shift, 1);
        return IntStream.range(0, MOST)
                .mapToObj(i -> new PictureSample(AdaptFixture.row(images, i, MODEL), images.label(i)))
                .toList();
    }

    @Override
    public void close() {
        session.close();
    }
}
