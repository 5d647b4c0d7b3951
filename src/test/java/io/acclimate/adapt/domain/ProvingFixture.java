package io.acclimate.adapt.domain;

import io.acclimate.adapt.answers.PrequentialAnswers;
import io.acclimate.adapt.repeats.SeenPictures;
import io.acclimate.adapt.samples.ReplayBuffer;
import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.translation.ListSigns;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.Shape;
import io.acclimate.gate.GateSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.wire.v1.Checkpoint;
import java.util.ArrayList;
import java.util.List;

/** {@link Proving} of the linear model, what it asks, and samples that it sees. */
final class ProvingFixture implements AutoCloseable {
    static final int CLASSES = 5;

    final BaseModel model = Linear.model();
    final ActiveVersion active = new ActiveVersion(model);
    final Holdout holdout;
    final ReplayBuffer replay = new ReplayBuffer(16);

    /** Pictures are told apart by their ids. */
    ProvingFixture() {
        this(SeenPictures.none());
    }

    ProvingFixture(SeenPictures seen) {
        holdout = new Holdout(16, Shelf.HEAP, AnswerSettings.Asked.AGAIN, seen);
    }

    Proving proving(GateSettings.Rule rule) {
        return proving(GateSettings.defaults().withRule(rule));
    }

    Proving proving(GateSettings settings) {
        return proving(settings, model.graph(), AnswerSettings.defaults(), ListSigns.NONE);
    }

    Proving proving(AdaptSettings settings) {
        return proving(settings.gate(), model.graph(), settings.evaluation().answers(), ListSigns.NONE);
    }

    Proving proving(ListSigns signs) {
        return proving(GateSettings.defaults(), model.graph(), AnswerSettings.defaults(), signs);
    }

    /** Of a source model that knows its classes. */
    Proving ofATrainedModel(GateSettings settings) {
        return proving(
                settings, model.graph().with(Linear.version(0, 1, 2, 3, 4)), AnswerSettings.defaults(), ListSigns.NONE);
    }

    private Proving proving(GateSettings settings, ModelGraph graph, AnswerSettings answers, ListSigns signs) {
        return new Proving(settings, graph, active, holdout, replay, new PrequentialAnswers(answers), signs);
    }

    static Checkpoint saved(Proving proving) {
        Checkpoint.Builder checkpoint = Checkpoint.newBuilder();
        proving.save(checkpoint);
        return checkpoint.build();
    }

    static BaseModel.Predicted classes(List<Integer> classes) {
        return new BaseModel.Predicted(
                classes,
                List.of(),
                classes.stream()
                        .map(each -> FloatTensor.wrap(Shape.of(CLASSES), new float[CLASSES]))
                        .toList());
    }

    /** So many samples of all classes in turn, on which the source model is right and what serves is wrong. */
    static void seeWorse(Proving proving, int count) {
        List<ReplaySample> samples = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(Linear.sample("image-" + i, i % CLASSES, i % CLASSES));
            labels.add(i % CLASSES);
            wrong.add((i % CLASSES + 1 + i % (CLASSES - 1)) % CLASSES);
        }
        proving.see(samples, classes(labels), classes(wrong));
    }

    @Override
    public void close() {
        active.close();
        model.close();
    }
}
