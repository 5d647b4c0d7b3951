package io.acclimate.adapt.worker;

import io.acclimate.adapt.domain.Checkpoints;
import io.acclimate.adapt.domain.DomainWorker;
import io.acclimate.adapt.domain.KeptSamples;
import io.acclimate.adapt.domain.SampleDecoder;
import io.acclimate.adapt.retire.Headstone;
import io.acclimate.adapt.retire.RetiredDomains;
import io.acclimate.adapt.starts.KeptStart;
import io.acclimate.adapt.starts.KeptStarts;
import io.acclimate.adapt.starts.StartReader;
import io.acclimate.adapt.states.KeptStates;
import io.acclimate.core.DomainId;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.VersionId;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.OffsetRange;
import io.acclimate.kafka.PartitionReader;
import io.acclimate.kafka.ReadSummary;
import io.acclimate.registry.PublishedVersions;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition's domains back to their last checkpoint. Reads up to the end that the state topic has without regard to
 * transactions: a read_committed consumer gets there only when every transaction that began before is decided, so a predecessor's last
 * commit is never missed. A restore may take as long as it makes progress. The worker's thread only.
 */
public final class Restorer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    /** A predecessor's transaction, which hides what comes after it, is aborted by its timeout of 60 s and up to 10 s of the broker's. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Topics topics;
    private final Consumer<byte[], byte[]> committed;
    private final Consumer<byte[], byte[]> uncommitted;
    private final SampleDecoder decoder;
    private final WeightReader versions;
    /** Finds the versions that domains continue from. */
    private final PublishedVersions published;

    private final LongSupplier nanos;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();

    Restorer(
            Topics topics,
            Consumer<byte[], byte[]> committed,
            Consumer<byte[], byte[]> uncommitted,
            WeightReader versions,
            SampleDecoder decoder,
            LongSupplier nanos) {
        this(topics, committed, uncommitted, versions, versions, decoder, nanos);
    }

    Restorer(
            Topics topics,
            Consumer<byte[], byte[]> committed,
            Consumer<byte[], byte[]> uncommitted,
            WeightReader versions,
            PublishedVersions published,
            SampleDecoder decoder,
            LongSupplier nanos) {
        this.topics = topics;
        this.committed = committed;
        this.uncommitted = uncommitted;
        this.versions = versions;
        this.published = published;
        this.decoder = decoder;
        this.nanos = nanos;
    }

    public static Restorer open(Map<String, Object> clientProps, Topics topics, SampleDecoder decoder) {
        try (Opened opened = new Opened()) {
            Consumer<byte[], byte[]> committed = opened.add(consumer(clientProps, "read_committed"));
            Consumer<byte[], byte[]> uncommitted = opened.add(consumer(clientProps, "read_uncommitted"));
            WeightReader versions = opened.add(WeightReader.open(clientProps, topics));
            Restorer restorer = new Restorer(topics, committed, uncommitted, versions, decoder, System::nanoTime);
            opened.keep();
            return restorer;
        }
    }

    /**
     * As {@link #open(Map, Topics, SampleDecoder)}, for domains that continue from versions which the topic may not have.
     *
     * @param published finds them
     */
    public static Restorer open(
            Map<String, Object> clientProps, Topics topics, SampleDecoder decoder, PublishedVersions published) {
        Restorer plain = open(clientProps, topics, decoder);
        return new Restorer(
                topics, plain.committed, plain.uncommitted, plain.versions, published, decoder, System::nanoTime);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String isolation) {
        return ClientProperties.of(clientProps)
                .named("acclimate-adapt-restore-" + isolation)
                .force(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation)
                .forSinglePieces()
                .openReader();
    }

    /** Adds the partition's domains to {@code into}, each with a worker. */
    void restore(ActivePartition into, Domains domains, PartitionReader.Pulse pulse) {
        long begun = nanos.getAsLong();
        Run run = new Run(into.partition(), into.trial().isPresent(), into.starts(), into.retired(), pulse);
        try (KeptStates states = new KeptStates()) {
            run.read(states);
            for (DomainId domain : states.domains()) {
                into.retired().sawParts(domain, states.parts(domain));
                if (into.retired().of(domain).isPresent()) {
                    continue;
                }
                DomainWorker worker = domains.open(domain);
                into.workers().put(domain, worker);
                restore(states, worker, run);
                worker.checkpoints().retirement().ifPresent(into.retired()::saw);
                if (into.trial().isEmpty()) {
                    LOG.debug(
                            "domain {} is restored to round {} with active version {}",
                            domain,
                            worker.checkpoints().generation(),
                            worker.lineage().active());
                }
                pulse.beat();
            }
        }
        if (into.workers().isEmpty()) {
            return;
        }
        LOG.info(
                "partition {} of {}: {} domains restored from {} records ({} bytes) in {} ms",
                into.partition(),
                topics.miniBatches(),
                into.workers().size(),
                run.records,
                run.bytes,
                Duration.ofNanos(nanos.getAsLong() - begun).toMillis());
    }

    /** Nobody has the snapshot while the rounds after it are repeated, which takes as much memory as training does. */
    private static void restore(KeptStates states, DomainWorker worker, Run run) {
        // The domains before this one rest before its snapshot is in memory as well.
        var unused = worker.activeWeights();
        run.proceed(run.begin(states.of(worker.domain()), worker), worker);
    }

    /** Brings a fresh worker to where {@code from} was written, whatever its settings and label set are now. */
    public void resume(int partition, StateCodec.Restored from, DomainWorker worker) {
        Run run = new Run(partition, false, new KeptStarts(), new RetiredDomains(), PartitionReader.Pulse.NONE);
        run.proceed(run.begin(from, worker), worker);
    }

    /** Reads committed records; of the worker's thread as well, and not during a restore. */
    PartitionReader reader(PartitionReader.Pulse pulse) {
        return new PartitionReader(committed, PATIENCE, nanos, pulse);
    }

    /** One restore of a partition, or of one domain of it. */
    private final class Run {
        private final int partition;
        private final PartitionReader.Pulse pulse;
        private final PartitionReader reader;
        private final KeptStarts starts;
        private final RetiredDomains retired;
        private final ContinuedVersions continued;
        private long records;
        private long bytes;

        Run(int partition, boolean isRetry, KeptStarts starts, RetiredDomains retired, PartitionReader.Pulse pulse) {
            this.partition = partition;
            this.retired = retired;
            this.continued = new ContinuedVersions(topics, partition, versions, published, decoder.models(), isRetry);
            this.pulse = pulse;
            this.reader = reader(pulse);
            this.starts = starts;
            // A cluster that no worker of this build has seen has no such topic.
            List<PartitionInfo> known = committed.partitionsFor(topics.adaptationStarts(), ANSWER);
            if (known != null && !known.isEmpty()) {
                OffsetRange all = upTo(topics.adaptationStarts(), Long.MAX_VALUE);
                new StartReader(reader, all.partition()).places(all.to(), starts, this::count);
            }
        }

        /** Reads the states of all domains, and which versions they continue from: the topic of versions is read once. */
        void read(KeptStates into) {
            count(reader.read(upTo(topics.adaptationState(), Long.MAX_VALUE), record -> {
                if (record.value() != null) {
                    into.add(record.value());
                }
            }));
            for (DomainId domain : into.domains()) {
                collect(into.of(domain));
                pulse.beat();
            }
        }

        private void collect(StateCodec.Restored from) {
            Headstone.of(from).ifPresent(retired::add);
            Stream.concat(from.snapshot().stream(), from.progress().map(Progress::getReached).stream())
                    .forEach(each -> {
                        continued.add(new VersionId(from.domain(), each.getActiveVersion()));
                        each.getShadow()
                                .getServedList()
                                .forEach(number -> continued.add(new VersionId(from.domain(), number)));
                    });
        }

        /** Restores the snapshot. Answers with what is left to be done, without the snapshot. */
        StateCodec.Restored begin(StateCodec.Restored from, DomainWorker worker) {
            Optional<Checkpoint> last =
                    from.progress().map(Progress::getReached).or(from::snapshot);
            if (last.filter(worker.checkpoints()::isOfAnotherLabelSet).isPresent()) {
                change(last.get(), from, worker);
                return left(from, Optional.empty());
            }
            from.snapshot().ifPresent(snapshot -> restore(snapshot, from, worker));
            return left(from, from.progress());
        }

        private static StateCodec.Restored left(StateCodec.Restored from, Optional<Progress> progress) {
            return new StateCodec.Restored(
                    from.domain(), Optional.empty(), from.snapshotGeneration(), progress, from.generation());
        }

        /** Repeats the rounds since the snapshot. */
        void proceed(StateCodec.Restored from, DomainWorker worker) {
            from.progress().ifPresent(progress -> repeat(progress, from, worker));
            // Only events tell what serves. A rebuild makes none, and retention may have removed that version since.
            if (continued.areOfTheTopic()) {
                worker.lacksWeightsOf()
                        .ifPresent(number ->
                                worker.restoreServed(continued.weights(new VersionId(from.domain(), number))));
            }
            if (worker.publishing().removes() && worker.lineage().lastVersion() > 0) {
                worker.reconcile(continued.listed(from.domain()));
            }
        }

        private void restore(Checkpoint snapshot, StateCodec.Restored from, DomainWorker worker) {
            KeptSamples kept = samples(snapshot, from.domain(), worker);
            worker.checkpoints()
                    .restore(
                            kept.among(snapshot),
                            from.snapshotGeneration(),
                            continued.weights(new VersionId(from.domain(), snapshot.getActiveVersion())),
                            kept.of(snapshot.getHoldoutList()),
                            kept.of(snapshot.getReplayList()),
                            kept.of(snapshot.getUnlabelledList()));
        }

        /** The label set has changed: training continues from the active version and the samples of the classes that stay. */
        private void change(Checkpoint last, StateCodec.Restored from, DomainWorker worker) {
            // Images without labels are not handed on, so they must not be kept either.
            Checkpoint snapshot = from.snapshot().orElse(Checkpoint.getDefaultInstance()).toBuilder()
                    .clearUnlabelled()
                    .build();
            KeptSamples kept = samples(snapshot, from.domain(), worker);
            worker.checkpoints()
                    .changeLabelSet(
                            kept.withSeenPictures(last),
                            from.generation(),
                            continued.weights(new VersionId(from.domain(), last.getActiveVersion())),
                            kept.of(snapshot.getHoldoutList()),
                            kept.of(snapshot.getReplayList()));
            from.progress().map(Progress::getMiniBatchesList).stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .ifPresent(worker.checkpoints()::takenUpFrom);
            LOG.info("domain {} continues from its active version under another label set", from.domain());
        }

        /** Trains the rounds since the snapshot again. Where that leads elsewhere, training continues from the active version. */
        private void repeat(Progress progress, StateCodec.Restored from, DomainWorker worker) {
            List<Long> offsets = progress.getMiniBatchesList();
            Map<Long, MiniBatch> batches = new HashMap<>();
            pick(offsets, batches::put);
            for (int i = 0; i < offsets.size(); i++) {
                MiniBatch batch = batches.get(offsets.get(i));
                if (batch != null) {
                    var unused = worker.relearn(batch, offsets.get(i), Checkpoints.effort(progress, i));
                }
                pulse.beat();
            }
            VersionId active =
                    new VersionId(from.domain(), progress.getReached().getActiveVersion());
            if (worker.checkpoints().arrivedAt(progress) && continued.arePublishedAs(active, worker.activeWeights())) {
                worker.checkpoints().arrive(progress, from.generation());
                return;
            }
            LOG.warn(
                    "domain {}: {} of {} rounds since the last snapshot could be trained again and did not lead to the same weights"
                            + " (mini-batches are gone, or the machine, the settings or the build is another); training continues"
                            + " from the active version {}",
                    from.domain(),
                    batches.size(),
                    offsets.size(),
                    active.number());
            worker.checkpoints().adopt(progress.getReached(), from.generation(), continued.weights(active));
            offsets.stream().findFirst().ifPresent(worker.checkpoints()::takenUpFrom);
        }

        private KeptSamples samples(Checkpoint checkpoint, DomainId domain, DomainWorker worker) {
            KeptSamples kept = new KeptSamples(checkpoint, decoder, worker);
            StartReader from = new StartReader(reader, new TopicPartition(topics.adaptationStarts(), partition));
            List<KeptStart> newestFirst = starts.of(domain);
            newestFirst.stream().limit(1).forEach(start -> count(from.samples(start, kept::add)));
            pick(kept.offsets(), (offset, batch) -> kept.add(batch, offset));
            // The newest start has every older sample that is kept, so that this is for a start that somebody broke.
            for (KeptStart start : newestFirst.subList(Math.min(1, newestFirst.size()), newestFirst.size())) {
                if (!kept.offsets().isEmpty()) {
                    count(from.samples(start, kept::add));
                }
            }
            if (kept.gone() > 0) {
                LOG.warn(
                        "domain {}: {} of {} samples of its replay buffer and holdout are gone from {}: somebody else has deleted"
                                + " records, or the model's card reads images in another way since they were kept; training"
                                + " continues with the others",
                        domain,
                        kept.gone(),
                        kept.wanted(),
                        topics.miniBatches());
            }
            return kept;
        }

        /** Reads the mini-batches at these offsets. Those that are not kept any more are left out. */
        private void pick(Collection<Long> offsets, MiniBatches each) {
            if (offsets.isEmpty()) {
                return;
            }
            long last = offsets.stream().mapToLong(Long::longValue).max().getAsLong();
            count(reader.pick(upTo(topics.miniBatches(), last + 1), offsets, record -> {
                if (record.value() != null) {
                    each.accept(record.offset(), miniBatches.decode(record.value()));
                }
            }));
        }

        private OffsetRange upTo(String topic, long offset) {
            TopicPartition at = new TopicPartition(topic, partition);
            long end = uncommitted.endOffsets(List.of(at), ANSWER).getOrDefault(at, 0L);
            return new OffsetRange(at, 0, Math.min(end, offset));
        }

        private void count(ReadSummary read) {
            records += read.records();
            bytes += read.bytes();
        }
    }

    @FunctionalInterface
    private interface MiniBatches {
        void accept(long offset, MiniBatch batch);
    }

    SampleDecoder decoder() {
        return decoder;
    }

    /** Reads versions; of the worker's thread as well. */
    WeightReader versions() {
        return versions;
    }

    @Override
    public void close() {
        versions.close();
        uncommitted.close();
        committed.close();
    }
}
