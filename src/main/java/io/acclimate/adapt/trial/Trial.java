package io.acclimate.adapt.trial;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.Commands;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.Round;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.DomainId;
import io.acclimate.core.FloatTensor;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.image.ImageDecoder;
import io.acclimate.image.ImageLimits;
import io.acclimate.infer.TemperatureScaling;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.onnx.card.ModelCard;
import io.acclimate.train.Samples;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One domain's worker with its guard, driven by hand. One thread. */
public final class Trial implements AutoCloseable {
    private final DomainId domain;
    private final BaseModel models;
    private final DomainWorker worker;
    private final Commands commands;
    private final RememberedVersions versions;
    private long offset;

    public Trial(DomainId domain, ModelGraph graph, Optional<Samples> source, AdaptSettings settings, Clock clock) {
        this.domain = domain;
        this.models = new BaseModel(graph, settings.train());
        this.versions = new RememberedVersions(models.base());
        this.worker = new DomainWorker(
                domain,
                settings,
                models,
                new SourceSet(source, settings.evaluation().sourceCheck(), models.source()),
                new SampleDecoder(models, new ImageDecoder(ImageLimits.defaults())),
                clock);
        this.commands = new Commands(versions, models, clock);
    }

    /** Asks the guard, then scores, learns and judges. Answers with all that happened, in order. */
    public List<AdaptationEvent> learn(MiniBatch batch) {
        List<AdaptationEvent> events = new ArrayList<>();
        commands.guard(worker, batch).ifPresent(back -> events.addAll(back.events()));
        Round round = worker.learn(batch, offset++);
        round.published().ifPresent(versions::remember);
        events.addAll(round.events());
        return events;
    }

    /** The class that is served for each row now. */
    public List<Integer> served(FloatTensor rows) {
        return worker.served(rows);
    }

    /**
     * The calibration error of what is served now.
     *
     * @param labels the class of each row
     */
    public CalibrationErrors calibration(FloatTensor rows, List<Integer> labels) {
        FloatTensor output = worker.servedOutput(rows);
        VersionId active = new VersionId(domain, worker.lineage().active());
        double temperature =
                versions.find(active).map(ModelVersion::temperature).orElse(1.0);
        ModelCard card = models.graph().card();
        return new CalibrationErrors(
                TemperatureScaling.error(card, 1, output, labels),
                TemperatureScaling.error(card, temperature, output, labels));
    }

    /**
     * Expected calibration errors on the same images.
     *
     * @param raw of the model's own probabilities
     * @param served of those that serving publishes
     */
    public record CalibrationErrors(double raw, double served) {}

    /** The source model's class of each row. */
    public List<Integer> frozen(FloatTensor rows) {
        return worker.frozen(rows);
    }

    @Override
    public void close() {
        worker.close();
        models.close();
    }
}
