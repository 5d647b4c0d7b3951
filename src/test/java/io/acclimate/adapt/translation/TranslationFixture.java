package io.acclimate.adapt.translation;

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
import java.util.stream.IntStream;

/** The bundled source model, and pictures of domains. */
final class TranslationFixture implements AutoCloseable {
    static final ModelGraph MODEL = AdaptFixture.sourceModel();

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
        return (classes, row) -> {
            boolean[] hits = new boolean[classes.size()];
            for (int i = 0; i < hits.length; i++) {
                hits[i] = Scores.best(session.run(FloatTensor.stack(List.of(row.apply(i)))), 0) == classes.get(i);
            }
            return hits;
        };
    }

    /** How many of the rows the source model takes for their class. */
    int hits(LabelledBatch batch) {
        return count(source().hits(batch.classes(), batch.inputs()::row));
    }

    int hits(List<PictureSample> samples) {
        return count(
                source().hits(samples.stream().map(PictureSample::classIndex).toList(), i -> samples.get(i)
                        .row()));
    }

    private static int count(boolean[] hits) {
        return (int) IntStream.range(0, hits.length).filter(i -> hits[i]).count();
    }

    List<PictureSample> samples(Shift shift, int count) {
        LabelledImages images = Bundled.targetTest().shifted(shift, 1);
        return IntStream.range(0, count)
                .mapToObj(i -> new PictureSample(AdaptFixture.row(images, i, MODEL), images.label(i)))
                .toList();
    }

    @Override
    public void close() {
        session.close();
    }
}
