package io.acclimate.adapt;

import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.MiniBatch;
import io.acclimate.train.LossTerms;
import io.acclimate.train.TrainSettings;
import java.util.Map;
import java.util.TreeMap;

/** How a version came about, in words that stand beside it for good. */
final class Provenance {
    private Provenance() {}

    static Map<String, String> of(
            AdaptSettings settings, MiniBatch batch, long offset, long samplesSeen, AdaptationEvent.Judged judged) {
        TrainSettings train = settings.train();
        Map<String, String> all = new TreeMap<>();
        all.put("miniBatch", Long.toString(batch.sequence()));
        all.put("miniBatchOffset", Long.toString(offset));
        all.put("samplesSeen", Long.toString(samplesSeen));
        all.put("seed", Long.toString(settings.seed()));
        all.put("trainable", train.trainable());
        all.put("optimizer", train.optimizer().name());
        all.put("learningRate", Double.toString(train.learningRate()));
        all.put("momentum", Double.toString(train.momentum()));
        all.put("weightDecay", Double.toString(train.weightDecay()));
        all.put("clip", Double.toString(train.clip()));
        LossTerms terms = train.terms();
        all.put("lambda", Double.toString(terms.lambda()));
        all.put("mu", Double.toString(terms.mu()));
        all.put("align", terms.align().name());
        all.put("layer", terms.layer());
        all.put("rho", Double.toString(terms.rho()));
        all.put("kappa", Double.toString(terms.kappa()));
        all.put("averageDecay", Double.toString(train.averageDecay()));
        all.put("replaySteps", Integer.toString(settings.replaySteps()));
        all.put("batchSize", Integer.toString(settings.batchSize()));
        all.put("holdoutSize", Integer.toString(judged.holdoutSize()));
        all.put("candidateAccuracy", Double.toString(judged.candidateAccuracy()));
        all.put("activeAccuracy", Double.toString(judged.activeAccuracy()));
        all.put("sourceAccuracy", Double.toString(judged.sourceAccuracy()));
        all.put("jvm", System.getProperty("java.vm.name", "") + " " + System.getProperty("java.runtime.version", ""));
        all.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
        all.put("cpu", System.getProperty("os.arch", ""));
        return all;
    }
}
