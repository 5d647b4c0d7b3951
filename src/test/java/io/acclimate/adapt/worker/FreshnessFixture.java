package io.acclimate.adapt.worker;

import io.acclimate.adapt.random.Effort;
import io.acclimate.core.Bytes;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Mini-batches of one sample, and the steps of a round. */
final class FreshnessFixture {
    static final Instant START = Instant.parse("2026-11-30T09:00:00Z");
    /** Steps of a round of full effort. */
    static final double STEPS = 32;

    private static final LabelledSample SAMPLE = new LabelledSample(
            new ImageId("img"),
            0,
            "cat",
            new Payload(Bytes.utf8("png"), Optional.empty()),
            new Coordinates("labels", 0, 0),
            START);

    static final BooleanSupplier NOBODY_IS_ASKED = () -> {
        throw new AssertionError("asked");
    };

    private FreshnessFixture() {}

    static MiniBatch miniBatch(String domain, long sequence, Instant opened, Instant closed) {
        return new MiniBatch(
                new DomainId(domain), sequence, MiniBatch.FlushCause.COUNT, List.of(SAMPLE), opened, closed);
    }

    static double steps(Effort effort) {
        return STEPS / (1 << effort.halvings());
    }
}
