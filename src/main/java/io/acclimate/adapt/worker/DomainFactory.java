package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.BaseModel;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.domain.SourceSet;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.core.DomainId;
import java.time.Clock;
import java.time.Duration;

/** What every domain of this worker learns with: the settings, the base model, and the source samples. The worker's thread only. */
record DomainFactory(AdaptSettings settings, BaseModel model, SourceSet source, SampleDecoder decoder, Clock clock)
        implements Domains {
    @Override
    public DomainWorker open(DomainId domain) {
        return new DomainWorker(domain, settings, model, source, decoder, clock);
    }

    /** How long a step of these settings takes here and now. */
    Duration timeOfAStep() {
        int rows = settings.steps().batchSize();
        return model.timeOfAStep(rows, Math.max(1, rows / 2));
    }

    /** Names the settings under which rounds are made. */
    String configuration() {
        return RecordedSettings.id(settings, model.base(), source.name());
    }
}
