package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.core.DomainId;

/** Makes the workers of domains. The worker's thread only. */
@FunctionalInterface
interface Domains {
    /** Makes a worker that has learned nothing yet. The caller closes it. */
    DomainWorker open(DomainId domain);
}
