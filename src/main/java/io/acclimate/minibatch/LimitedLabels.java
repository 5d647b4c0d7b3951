package io.acclimate.minibatch;

import io.acclimate.core.Coordinates;
import io.acclimate.core.DeadLetterReason;
import io.acclimate.core.DomainId;
import io.acclimate.core.ImageId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Outcome;
import io.acclimate.core.Refusal;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies {@link LabelLimits} to one partition of buffers. Called by the task's stream thread only. */
final class LimitedLabels {
    private static final Logger LOG = LoggerFactory.getLogger(LimitedLabels.class);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final LabelLimits limits;
    private final int maxSamples;
    private final RateLimit rates;
    private final Refusals refusals;
    /** Samples by class in each domain's open mini-batch. */
    private final Map<DomainId, Map<Integer, Integer>> classes = new HashMap<>();

    /** When the log last said that a domain has no place. */
    private Optional<Instant> told = Optional.empty();

    /** Labels since then whose domain had none. */
    private long untold;

    LimitedLabels(MiniBatchSettings settings, Topics topics, Telemetry telemetry) {
        this.limits = settings.limits();
        this.maxSamples = settings.flush().maxSamples();
        this.rates = new RateLimit(limits);
        this.refusals = new Refusals(topics, telemetry);
    }

    /** Counts a sample that entered its domain's open mini-batch. */
    void took(DomainId domain, int classIndex) {
        classes.computeIfAbsent(domain, key -> new HashMap<>()).merge(classIndex, 1, Integer::sum);
    }

    /** Forgets a domain that has lost its place. */
    void left(DomainId domain) {
        classes.remove(domain);
        rates.forget(domain);
    }

    /** Starts the count of a domain's next mini-batch. */
    void flushed(DomainId domain) {
        classes.remove(domain);
    }

    /**
     * The dead letter of a sample that exceeds a limit; empty when the sample may enter the mini-batch.
     *
     * @param place whether its domain can have a place here
     */
    Optional<Record<byte[], byte @Nullable []>> refuse(
            DomainId domain,
            LabelledSample sample,
            org.apache.kafka.common.header.Headers headers,
            Places.Answer place,
            long nowMillis) {
        Optional<Refusal> refusal = refusal(domain, sample.classIndex(), source(headers), place, nowMillis);
        if (refusal.isEmpty()) {
            return Optional.empty();
        }
        Coordinates at = sample.label();
        byte @Nullable [] key = sample.imageId().equals(ImageId.of(at))
                ? null
                : sample.imageId().value().getBytes(StandardCharsets.UTF_8);
        return Optional.of(refusals.letter(
                at,
                sample.labelTime().toEpochMilli(),
                key,
                sample.image().bytes().array(),
                headers,
                refusal.get(),
                nowMillis));
    }

    private Optional<Refusal> refusal(
            DomainId domain, int classIndex, String source, Places.Answer place, long nowMillis) {
        if (place instanceof Places.Answer.Refused refused) {
            tell(refused.rule(), Instant.ofEpochMilli(nowMillis));
            return Optional.of(new Refusal(DeadLetterReason.DOMAIN_LIMIT, refused.rule()));
        }
        if (!rates.tryAcquire(domain, source, nowMillis)) {
            return Optional.of(new Refusal(
                    DeadLetterReason.RATE_LIMITED,
                    "producer '" + source + "' of domain " + domain + " sends more than " + limits.perSecond()
                            + " labels a second"));
        }
        int of = classes.getOrDefault(domain, Map.of()).getOrDefault(classIndex, 0);
        if (limits.classShare() < 1 && of >= limits.perClass(maxSamples)) {
            return Optional.of(new Refusal(
                    DeadLetterReason.CLASS_SHARE,
                    "class " + classIndex + " has its " + of + " of " + maxSamples
                            + " samples in the mini-batch of domain " + domain));
        }
        return Optional.empty();
    }

    /** At most once in a while: anyone who may write labels can make up domains. */
    private void tell(String rule, Instant now) {
        untold++;
        if (told.isPresent() && Duration.between(told.get(), now).abs().compareTo(SILENCE) < 0) {
            return;
        }
        LOG.warn(
                "labels are dead letters (DOMAIN_LIMIT), {} in this partition since this was last said, the latest: {}",
                untold,
                rule);
        told = Optional.of(now);
        untold = 0;
    }

    private static String source(org.apache.kafka.common.header.Headers headers) {
        return text(headers, ContractHeaders.SOURCE)
                .or(() -> text(headers, ContractHeaders.CE_SOURCE))
                .orElse("");
    }

    /** A malformed source counts as absent, so that garbage cannot be used to get further buckets. */
    private static Optional<String> text(org.apache.kafka.common.header.Headers headers, String name) {
        return ContractHeaders.text(headers, name) instanceof Outcome.Ok<Optional<String>> ok
                ? ok.value()
                : Optional.empty();
    }
}
