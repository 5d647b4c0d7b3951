package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Round;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Coordinates;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.Refusal;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.registry.VersionPublisher;
import io.acclimate.wire.ContractHeaders;
import io.acclimate.wire.DeadLetters;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.EventCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes the results of a round into the open transaction. The worker's thread only. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
final class RoundWriter {
    static final String STAGE = "adapt";

    private final Topics topics;
    private final ModelGraph base;
    private final Clock clock;
    private final Encoding encoding;
    private final String configuration;
    private final VersionPublisher versions;
    private final EventCodec events;
    private final StateCodec state = new StateCodec();
    private final Map<DomainId, Integer> parts = new HashMap<>();

    /** @param configuration names the settings, label set and source set under which the rounds are made */
    RoundWriter(Topics topics, ModelGraph base, Encoding encoding, String configuration, Clock clock) {
        this.topics = topics;
        this.base = base;
        this.encoding = encoding;
        this.configuration = configuration;
        this.clock = clock;
        this.versions = new VersionPublisher(topics);
        this.events = new EventCodec(encoding);
    }

    Topics topics() {
        return topics;
    }

    /**
     * Writes all that came of a round.
     *
     * @param input the mini-batch or command that led to it
     * @param stateLostAt the offset from which on the worker's predecessor's training state was lost, if it was; kept with the events, since
     *     retention may remove every version that names it
     */
    void write(
            Producer<byte[], byte[]> producer,
            Round round,
            Coordinates input,
            DomainId domain,
            OptionalLong stateLostAt) {
        int partition = input.partition();
        round.published()
                .ifPresent(version -> versions.publish(
                        producer,
                        version.id(),
                        version.parent(),
                        base.digest(),
                        base.card().classes(),
                        version.weights(),
                        clock.instant(),
                        version.provenance(),
                        version.temperature()));
        round.activation().ifPresent(activation -> versions.activate(producer, activation));
        round.changes().rewritten().ifPresent(version -> versions.rewrite(producer, version));
        round.changes()
                .removed()
                .forEach(each -> versions.remove(producer, new VersionId(domain, each.number()), each.chunks()));
        save(producer, round.saved(), partition, domain);
        for (int i = 0; i < round.events().size(); i++) {
            RecordHeaders headers = headers(round.events().get(i), round.saved().generation(), i, input);
            stateLostAt.ifPresent(
                    lost -> ContractHeaders.put(headers, ContractHeaders.CE_STATE_LOST_AT, Long.toString(lost)));
            send(producer, round.events().get(i), partition, headers);
        }
        round.dropped().forEach(dropped -> deadLetter(producer, dropped, domain));
    }

    /** An event without a round, about a domain of which there is no worker. Its id is of the round 0, which no domain has. */
    void answer(Producer<byte[], byte[]> producer, AdaptationEvent event, Coordinates input) {
        send(producer, event, input.partition(), headers(event, 0, (int) (input.offset() & Integer.MAX_VALUE), input));
    }

    void save(Producer<byte[], byte[]> producer, Round.Saved saved, int partition, DomainId domain) {
        if (saved instanceof Round.Saved.Since since) {
            byte[] value = state.progress(domain, since.progress(), since.generation());
            producer.send(new ProducerRecord<>(topics.adaptationState(), partition, state.progressKey(domain), value));
        } else if (saved instanceof Round.Saved.Snapshot snapshot) {
            AtomicInteger next = new AtomicInteger();
            state.parts(
                    snapshot.whole(),
                    snapshot.generation(),
                    part -> producer.send(new ProducerRecord<>(
                            topics.adaptationState(), partition, state.key(domain, next.getAndIncrement()), part)));
            parts.merge(domain, next.get(), Math::max);
        }
    }

    /** How many parts a snapshot of the domain has had at most, of those that were written here. */
    int parts(DomainId domain) {
        return parts.getOrDefault(domain, 0);
    }

    private RecordHeaders headers(AdaptationEvent event, long generation, int place, Coordinates input) {
        RecordHeaders headers = ContractHeaders.cloudEvent(
                EventCodec.id(event.domain(), generation, place),
                "/acclimate/adapt/" + event.domain(),
                EventCodec.type(event),
                encoding.contentType());
        ContractHeaders.put(headers, ContractHeaders.CE_SUBJECT, input.toString());
        ContractHeaders.put(headers, ContractHeaders.CE_CONFIGURATION, configuration);
        return headers;
    }

    private void send(Producer<byte[], byte[]> producer, AdaptationEvent event, int partition, RecordHeaders headers) {
        producer.send(new ProducerRecord<>(
                topics.adaptationEvents(),
                partition,
                null,
                event.domain().value().getBytes(StandardCharsets.UTF_8),
                events.encode(event),
                headers));
    }

    /** Writes a sample to the dead letters as the label record that it came from. */
    private void deadLetter(Producer<byte[], byte[]> producer, Round.Dropped dropped, DomainId domain) {
        LabelledSample sample = dropped.sample();
        RecordHeaders headers = new RecordHeaders();
        ContractHeaders.put(headers, ContractHeaders.DOMAIN, domain.value());
        ContractHeaders.put(
                headers,
                ContractHeaders.LABEL,
                sample.className().isEmpty() ? Integer.toString(sample.classIndex()) : sample.className());
        sample.image()
                .contentType()
                .ifPresent(type -> ContractHeaders.put(headers, ContractHeaders.CONTENT_TYPE, type));
        producer.send(DeadLetters.record(
                topics.deadLetters(),
                sample.label(),
                sample.labelTime().toEpochMilli(),
                sample.imageId().value().getBytes(StandardCharsets.UTF_8),
                sample.image().bytes().array(),
                headers,
                dropped.refusal(),
                STAGE));
    }

    void deadLetter(Producer<byte[], byte[]> producer, ConsumerRecord<byte[], byte[]> record, Refusal refusal) {
        producer.send(DeadLetters.record(topics.deadLetters(), record, refusal, STAGE));
    }
}
