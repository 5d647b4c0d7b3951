package io.acclimate.adapt.domain;

import io.acclimate.adapt.samples.ReplaySample;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.AnswerSettings;
import io.acclimate.adapt.settings.OutputSettings;
import io.acclimate.adapt.settings.PaceSettings;
import io.acclimate.adapt.settings.StepSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import io.acclimate.core.Shape;
import io.acclimate.gate.GateSettings;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.BiasModel;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.train.OptimizerSettings;
import io.acclimate.train.Samples;
import io.acclimate.train.TrainSettings;
import io.acclimate.wire.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A linear model whose answers a test chooses: a row has a single 1 at a place, and a version says which class it sees at each place.
 * The source model answers class 0 everywhere.
 */
final class Linear {
    static final DomainId CAMERA = new DomainId("camera-1");
    static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PLACES = 192;

    private Linear() {}

    /**
     * One step is enough to learn a class, the average is the last step, and any loss on any holdout is a reason to reject. Its rows are few,
     * so that equal ones under other ids are other samples.
     */
    static AdaptSettings settings() {
        return AdaptSettings.defaults()
                .withTrain(TrainSettings.defaults()
                        .withOptimizer(new OptimizerSettings(OptimizerSettings.Kind.SGD, 20, 0, 0, 5))
                        .withAverageDecay(0))
                .withSteps(StepSettings.defaults()
                        .withReplay(2, 64)
                        .withChanges(new StepSettings.RowChanges(1.0 / 32, 0, 0)))
                .withGate(new GateSettings(1, 0, 0, 1, GateSettings.Rule.NON_INFERIOR, GateSettings.Proven.defaults()))
                .withEvaluation(AdaptSettings.defaults()
                        .evaluation()
                        .withAnswers(AnswerSettings.defaults().withRepeats(AnswerSettings.Repeats.BY_ID)))
                .withPace(PaceSettings.NONE)
                .withOutput(new OutputSettings(8, Encoding.JSON))
                .withSeed(7);
    }

    static BaseModel model() {
        return new BaseModel(BiasModel.graph(), settings().train());
    }

    static SampleDecoder decoder(BaseModel model) {
        return new SampleDecoder(model, new ImageDecoder(ImageLimits.defaults()));
    }

    /** A worker for {@link #CAMERA} without source samples, whose clock stands at {@link #TIME}. */
    static DomainWorker worker(BaseModel model, AdaptSettings settings) {
        return new DomainWorker(
                CAMERA,
                settings,
                model,
                new SourceSet(Optional.empty(), 0, model.source()),
                decoder(model),
                Clock.fixed(TIME, ZoneOffset.UTC));
    }

    /** The first event of that kind. */
    static <E extends AdaptationEvent> E event(Round round, Class<E> kind) {
        return round.events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow();
    }

    static FloatTensor row(int place) {
        float[] values = new float[PLACES];
        values[place] = 1;
        return FloatTensor.wrap(BiasModel.INPUT.row(), values);
    }

    /** Sees {@code classes[i]} at place i, and class 0 at all later places. */
    static WeightDelta version(int... classes) {
        float[] weights = new float[PLACES * BiasModel.CLASSES];
        for (int place = 0; place < PLACES; place++) {
            weights[place * BiasModel.CLASSES + (place < classes.length ? classes[place] : 0)] = 10;
        }
        return WeightDelta.of(Map.of(
                "w",
                FloatTensor.wrap(Shape.of(PLACES, BiasModel.CLASSES), weights),
                "b",
                FloatTensor.wrap(Shape.of(BiasModel.CLASSES), new float[BiasModel.CLASSES])));
    }

    static ReplaySample sample(String id, int place, int classIndex) {
        return new ReplaySample(3, place, new ImageId(id), classIndex, new HeapRow(row(place)));
    }

    /** Ids that a holdout with fewer than 64 samples sets aside, each after the one before. */
    static List<String> heldIds(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; ids.size() < count; i++) {
            if (new Holdout(16).takes(sample("image-" + i, 0, 0), true)) {
                ids.add("image-" + i);
            }
        }
        return ids;
    }

    /** A holdout of {@code labels.length} samples: the one at place i has class {@code labels[i]}, and the best version missed it. */
    static Holdout holdout(int... labels) {
        List<ReplaySample> samples = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            samples.add(sample("held-" + i, i, labels[i]));
        }
        Holdout holdout = new Holdout(64);
        holdout.restore(samples, List.of());
        return holdout;
    }

    static LabelledSample labelled(String id, int place, int classIndex, String className) {
        return labelled(id, row(place), classIndex, className);
    }

    static LabelledSample labelled(String id, FloatTensor row, int classIndex, String className) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * row.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(row.values());
        return new LabelledSample(
                new ImageId(id),
                classIndex,
                className,
                new Payload(Bytes.wrap(bytes.array()), Optional.of(Payload.TENSOR_F32)),
                new Coordinates("labels", 0, 0),
                TIME.plusSeconds(place(row)));
    }

    private static int place(FloatTensor row) {
        int place = 0;
        for (int i = 0; i < row.values().length; i++) {
            place = row.values()[i] == 1 ? i : place;
        }
        return place;
    }

    static MiniBatch batch(long sequence, List<LabelledSample> samples) {
        return new MiniBatch(CAMERA, sequence, MiniBatch.FlushCause.COUNT, samples, TIME, TIME);
    }

    /** 32 samples of the classes 1 to 4 in turn; the class can be seen at the place of its index. */
    static MiniBatch batch(long sequence) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            int classIndex = 1 + i % 4;
            samples.add(labelled("image-" + (sequence * 32 + i), classIndex, classIndex, ""));
        }
        return batch(sequence, samples);
    }

    /** {@code labels.length} source samples, each at the place of its index. */
    static Samples source(int... labels) {
        return new Samples() {
            @Override
            public int size() {
                return labels.length;
            }

            @Override
            public FloatTensor row(int index) {
                return Linear.row(index);
            }

            @Override
            public int label(int index) {
                return labels[index];
            }
        };
    }
}
