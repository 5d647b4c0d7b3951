package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.KeptSamples;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.UngroupedConsumer;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.onnx.node.InvalidModelException;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition's domains back to their last checkpoint. Reads up to the end that the state topic has without regard to
 * transactions: read_committed gets there only when every transaction begun before is decided, so a predecessor's last commit is
 * never missed. The worker's thread only.
 */
public final class Restorer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> committed;
    private final KafkaConsumer<byte[], byte[]> uncommitted;
    private final SampleDecoder decoder;
    private final WeightReader versions;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();

    public Restorer(Map<String, Object> clientProps, Topics topics, SampleDecoder decoder) {
        this.topics = topics;
        this.decoder = decoder;
        this.committed = consumer(clientProps, "read_committed");
        this.uncommitted = consumer(clientProps, "read_uncommitted");
        this.versions = WeightReader.open(clientProps, topics);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String isolation) {
        // Each read is of one partition up to an offset. The consumer has asked beyond it by then, and the next
        // partition would wait for that answer: half a second by default.
        return UngroupedConsumer.open(
                clientProps,
                Map.of(
                        "isolation.level",
                        isolation,
                        "client.id",
                        "acclimate-adapt-restore-" + isolation,
                        "fetch.max.wait.ms",
                        10));
    }

    /** Adds the partition's domains to {@code assignment}. */
    void restore(int partition, Function<DomainId, DomainWorker> fresh, Assignment assignment) {
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        TopicPartition state = new TopicPartition(topics.adaptationState(), partition);
        long end = uncommitted.endOffsets(List.of(state), ANSWER).getOrDefault(state, 0L);
        read(state, 0, end, record -> {
            if (record.value() != null) {
                assembly.add(record.value());
            }
        });
        for (StateCodec.Restored each : assembly.complete()) {
            DomainWorker worker = fresh.apply(each.domain());
            assignment.workers().put(each.domain(), worker);
            resume(partition, each, worker);
            if (assignment.trial().isEmpty()) {
                LOG.info(
                        "{} goes on after round {} with version {} active",
                        each.domain(),
                        each.generation(),
                        worker.lineage().active());
            }
        }
    }

    /** Brings a fresh worker to where {@code from} was written, whatever its settings and label set are now. */
    public void resume(int partition, StateCodec.Restored from, DomainWorker worker) {
        Optional<Checkpoint> last = from.progress().map(Progress::getReached).or(from::snapshot);
        if (last.filter(worker.checkpoints()::isOfAnotherLabelSet).isPresent()) {
            change(partition, last.get(), from, worker);
        } else {
            from.snapshot().ifPresent(snapshot -> restore(partition, snapshot, from, worker));
            from.progress().ifPresent(progress -> repeat(partition, progress, from, worker));
        }
    }

    private void restore(int partition, Checkpoint snapshot, StateCodec.Restored from, DomainWorker worker) {
        KeptSamples kept = read(partition, snapshot, from.domain());
        worker.checkpoints()
                .restore(
                        kept.among(snapshot),
                        from.snapshotGeneration(),
                        weights(new VersionId(from.domain(), snapshot.getActiveVersion())),
                        kept.of(snapshot.getHoldoutList()),
                        kept.of(snapshot.getReplayList()));
    }

    /** The worker was started with another label set: it goes on from the active version and the samples of classes that stay. */
    private void change(int partition, Checkpoint last, StateCodec.Restored from, DomainWorker worker) {
        Checkpoint snapshot = from.snapshot().orElse(Checkpoint.getDefaultInstance());
        KeptSamples kept = read(partition, snapshot, from.domain());
        worker.checkpoints()
                .changeLabelSet(
                        last,
                        from.generation(),
                        weights(new VersionId(from.domain(), last.getActiveVersion())),
                        kept.of(snapshot.getHoldoutList()),
                        kept.of(snapshot.getReplayList()));
        from.progress().map(Progress::getMiniBatchesList).stream()
                .flatMap(List::stream)
                .findFirst()
                .ifPresent(worker.checkpoints()::takenUpFrom);
        LOG.info("{} goes on under another label set, from its active version", from.domain());
    }

    /** Trains the rounds since the snapshot again. When that leads elsewhere, training goes on from the active version. */
    private void repeat(int partition, Progress progress, StateCodec.Restored from, DomainWorker worker) {
        List<Long> offsets = progress.getMiniBatchesList();
        Map<Long, MiniBatch> batches = new HashMap<>();
        if (!offsets.isEmpty()) {
            long last = offsets.get(offsets.size() - 1);
            read(new TopicPartition(topics.miniBatches(), partition), offsets.get(0), last + 1, record -> {
                if (offsets.contains(record.offset()) && record.value() != null) {
                    batches.put(record.offset(), miniBatches.decode(record.value()));
                }
            });
        }
        for (long offset : offsets) {
            MiniBatch batch = batches.get(offset);
            if (batch != null) {
                var unused = worker.relearn(batch, offset);
            }
        }
        VersionId active = new VersionId(from.domain(), progress.getReached().getActiveVersion());
        if (worker.checkpoints().arrivedAt(progress) && servesWhatWasPublished(worker, active)) {
            worker.checkpoints().arrive(progress, from.generation());
            return;
        }
        LOG.warn(
                "{}: {} of {} rounds since the last snapshot could be trained again, and did not lead to the same weights (mini-batches"
                        + " gone, another machine, other settings or another build); training goes on from the active version {}",
                from.domain(),
                batches.size(),
                offsets.size(),
                active.number());
        worker.checkpoints().adopt(progress.getReached(), from.generation(), weights(active));
        offsets.stream().findFirst().ifPresent(worker.checkpoints()::takenUpFrom);
    }

    private boolean servesWhatWasPublished(DomainWorker worker, VersionId active) {
        return active.number() == VersionId.SOURCE
                || versions.find(active)
                        .filter(version -> (version.base()
                                                .equals(decoder.models().base())
                                        ? version.weights()
                                        : weights(active).digest())
                                .equals(worker.activeWeights().digest()))
                        .isPresent();
    }

    private KeptSamples read(int partition, Checkpoint checkpoint, DomainId domain) {
        KeptSamples kept = new KeptSamples(checkpoint, decoder);
        if (!kept.isEmpty()) {
            read(new TopicPartition(topics.miniBatches(), partition), kept.first(), kept.last() + 1, record -> {
                if (kept.wants(record.offset()) && record.value() != null) {
                    kept.add(miniBatches.decode(record.value()), record.offset());
                }
            });
        }
        if (kept.gone() > 0) {
            LOG.warn(
                    "{}: {} of {} samples of its replay buffer and holdout are gone from {}, whose retention is shorter than they"
                            + " are needed; training goes on with the others",
                    domain,
                    kept.gone(),
                    kept.wanted(),
                    topics.miniBatches());
        }
        return kept;
    }

    /** Reads versions; of the worker's thread as well. */
    WeightReader versions() {
        return versions;
    }

    private WeightDelta weights(VersionId id) {
        if (id.number() == VersionId.SOURCE) {
            return WeightDelta.EMPTY;
        }
        ModelVersion version = versions.find(id)
                .orElseThrow(() -> new IllegalStateException("the active version " + id + " is not on its topic"));
        Fetched fetched = versions.fetch(version);
        if (fetched instanceof Fetched.Refused refused) {
            throw new IllegalStateException("the active version " + id + ": " + refused.message() + "; put back what "
                    + topics.modelVersions() + " and " + topics.modelWeights() + " had of it");
        }
        try {
            return decoder.models().carried(version, ((Fetched.Weights) fetched).delta());
        } catch (InvalidModelException e) {
            throw new IllegalStateException(
                    "version " + id + " cannot be gone on from: " + e.getMessage() + "; start with its --model", e);
        }
    }

    /** What lies before the first record that is kept, or beyond the last, is left out. */
    private void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        committed.assign(List.of(partition));
        if (from == 0) {
            committed.seekToBeginning(List.of(partition));
        } else {
            committed.seek(partition, from);
        }
        long end =
                Math.min(to, uncommitted.endOffsets(List.of(partition), ANSWER).getOrDefault(partition, 0L));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (committed.position(partition, ANSWER) < end) {
            committed.poll(POLL).forEach(each);
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(partition + " was not read up to offset " + end + " within " + PATIENCE
                        + ": a transaction of a predecessor may still be open");
            }
        }
    }

    @Override
    public void close() {
        versions.close();
        uncommitted.close();
        committed.close();
    }
}
