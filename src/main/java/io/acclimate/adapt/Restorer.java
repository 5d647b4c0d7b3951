package io.acclimate.adapt;

import io.acclimate.core.Digest;
import io.acclimate.core.DomainId;
import io.acclimate.core.LabelledSample;
import io.acclimate.core.ModelVersion;
import io.acclimate.core.VersionId;
import io.acclimate.onnx.WeightDelta;
import io.acclimate.registry.Fetched;
import io.acclimate.registry.WeightReader;
import io.acclimate.wire.MiniBatchCodec;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.Topics;
import io.acclimate.wire.v1.Checkpoint;
import io.acclimate.wire.v1.SampleRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition's domains back to their last checkpoint. Reads up to the end that the state topic has without regard to
 * transactions: read_committed gets there only when every transaction begun before is decided, so a predecessor's last commit is
 * never missed. The worker's thread only.
 */
final class Restorer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    private final Topics topics;
    private final KafkaConsumer<byte[], byte[]> committed;
    private final KafkaConsumer<byte[], byte[]> uncommitted;
    private final WeightReader versions;
    private final MiniBatchCodec miniBatches = new MiniBatchCodec();

    Restorer(Map<String, Object> clientProps, Topics topics) {
        this.topics = topics;
        this.committed = consumer(clientProps, "read_committed");
        this.uncommitted = consumer(clientProps, "read_uncommitted");
        this.versions = new WeightReader(clientProps, topics);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> clientProps, String isolation) {
        Map<String, Object> properties = new HashMap<>(clientProps);
        properties.remove("group.id");
        properties.put("isolation.level", isolation);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("client.id", "acclimate-adapt-restore-" + isolation);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Assignment restore(int partition, Function<DomainId, DomainWorker> fresh) {
        Assignment assignment = new Assignment(partition);
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        TopicPartition state = new TopicPartition(topics.adaptationState(), partition);
        long end = uncommitted.endOffsets(List.of(state), ANSWER).getOrDefault(state, 0L);
        read(state, 0, end, record -> {
            if (record.value() != null) {
                assembly.add(record.value());
            }
        });
        List<StateCodec.Restored> all = assembly.complete();
        Map<SampleRef, LabelledSample> samples = new HashMap<>();
        for (StateCodec.Restored each : all) {
            samples.clear();
            read(partition, each.checkpoint(), samples);
            DomainId domain = new DomainId(each.checkpoint().getDomain());
            DomainWorker worker = fresh.apply(domain);
            assignment.workers().put(domain, worker);
            worker.restore(
                    each.checkpoint(),
                    each.generation(),
                    weights(new VersionId(domain, each.checkpoint().getActiveVersion()), worker.base()),
                    decode(each.checkpoint().getHoldoutList(), samples, worker),
                    decode(each.checkpoint().getReplayList(), samples, worker));
            LOG.info(
                    "{} goes on at mini-batch {} with version {} active",
                    domain,
                    each.checkpoint().getNextMiniBatch(),
                    each.checkpoint().getActiveVersion());
        }
        return assignment;
    }

    private void read(int partition, Checkpoint checkpoint, Map<SampleRef, LabelledSample> into) {
        Set<Long> offsets = new HashSet<>();
        Set<SampleRef> wanted = new HashSet<>();
        wanted.addAll(checkpoint.getHoldoutList());
        wanted.addAll(checkpoint.getReplayList());
        wanted.forEach(ref -> offsets.add(ref.getOffset()));
        if (offsets.isEmpty()) {
            return;
        }
        long first = offsets.stream().min(Long::compare).orElse(0L);
        long last = offsets.stream().max(Long::compare).orElse(0L);
        read(new TopicPartition(topics.miniBatches(), partition), first, last + 1, record -> {
            if (offsets.contains(record.offset()) && record.value() != null) {
                List<LabelledSample> all = miniBatches.decode(record.value()).samples();
                for (int i = 0; i < all.size(); i++) {
                    SampleRef ref = SampleRef.newBuilder()
                            .setOffset(record.offset())
                            .setIndex(i)
                            .build();
                    if (wanted.contains(ref)) {
                        into.put(ref, all.get(i));
                    }
                }
            }
        });
    }

    private static List<Sample> decode(
            List<SampleRef> refs, Map<SampleRef, LabelledSample> samples, DomainWorker worker) {
        List<Sample> decoded = new ArrayList<>(refs.size());
        for (SampleRef ref : refs) {
            LabelledSample sample = samples.get(ref);
            if (sample == null) {
                LOG.warn("the sample {}/{} of a checkpoint is gone from its topic", ref.getOffset(), ref.getIndex());
            } else {
                decoded.add(worker.decodeAgain(sample, ref.getOffset(), ref.getIndex()));
            }
        }
        return decoded;
    }

    /** The version's record, if there is one. */
    Optional<ModelVersion> find(VersionId id) {
        return versions.find(id);
    }

    Fetched fetch(ModelVersion version) {
        return versions.fetch(version);
    }

    private WeightDelta weights(VersionId id, Digest base) {
        if (id.number() == VersionId.SOURCE) {
            return WeightDelta.EMPTY;
        }
        ModelVersion version = versions.find(id)
                .orElseThrow(() -> new IllegalStateException("the active version " + id + " is not on its topic"));
        if (!version.base().equals(base)) {
            throw new IllegalStateException("the active version " + id + " was made from the base model "
                    + version.base() + " with " + version.classes().size() + " classes, this worker's is " + base
                    + ": start it with the same model and classes");
        }
        Fetched fetched = versions.fetch(version);
        if (fetched instanceof Fetched.Weights weights) {
            return weights.delta();
        }
        throw new IllegalStateException("the active version " + id + ": " + ((Fetched.Refused) fetched).message());
    }

    private void read(TopicPartition partition, long from, long end, Consumer<ConsumerRecord<byte[], byte[]>> each) {
        committed.assign(List.of(partition));
        if (from == 0) {
            committed.seekToBeginning(List.of(partition));
        } else {
            committed.seek(partition, from);
        }
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
