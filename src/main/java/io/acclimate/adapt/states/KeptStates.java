package io.acclimate.adapt.states;

import com.google.protobuf.InvalidProtocolBufferException;
import io.acclimate.core.Bytes;
import io.acclimate.core.DomainId;
import io.acclimate.scratch.ScratchFile;
import io.acclimate.wire.StateCodec;
import io.acclimate.wire.UnreadableRecordException;
import io.acclimate.wire.v1.CheckpointChunk;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest records of each domain's state. A snapshot has each trained weight three times, so the heap has room for one of them and not
 * for those of all domains of a partition: the parts of snapshots wait in a file, and only one domain's are read at a time. A file and not
 * the offsets of the records, because to look for them again one domain after the other costs polls, which are many with a thousand domains.
 * When the file cannot be written, the parts stay in memory. One thread.
 */
public final class KeptStates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptStates.class);

    private final ScratchFile file;
    private final SortedMap<DomainId, Kept> byDomain = new TreeMap<>();
    private boolean saidThatItStays;

    public KeptStates() {
        this(new ScratchFile("states"));
    }

    KeptStates(ScratchFile file) {
        this.file = file;
    }

    /** The records of one domain that count. */
    private static final class Kept {
        /** Of one snapshot, by their index. */
        private final SortedMap<Integer, Part> parts = new TreeMap<>();
        /** Of the parts. */
        private long generation;

        private int mostParts;

        private Optional<byte[]> progress = Optional.empty();
    }

    /** A record's value. */
    private sealed interface Part {
        record InFile(long place, int length) implements Part {}

        record InMemory(Bytes value) implements Part {}
    }

    /**
     * Takes one record's value. The records come in the order of their offsets, so that a part of another snapshot than the last is one of
     * a newer snapshot.
     *
     * @throws UnreadableRecordException when it is no part of a state
     */
    public void add(byte[] value) {
        CheckpointChunk chunk;
        DomainId domain;
        try {
            chunk = CheckpointChunk.parseFrom(value);
            domain = new DomainId(chunk.getDomain());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new UnreadableRecordException("not a part of a checkpoint: " + e.getMessage(), e);
        }
        Kept kept = byDomain.computeIfAbsent(domain, d -> new Kept());
        if (chunk.hasProgress()) {
            kept.progress = Optional.of(value);
            return;
        }
        kept.mostParts = Math.max(kept.mostParts, chunk.getIndex() + 1);
        if (kept.generation != chunk.getGeneration()) {
            kept.parts.values().forEach(this::free);
            kept.parts.clear();
            kept.generation = chunk.getGeneration();
        }
        Part before = kept.parts.remove(chunk.getIndex());
        if (before != null) {
            free(before);
        }
        kept.parts.put(chunk.getIndex(), keep(value));
    }

    private Part keep(byte[] value) {
        try {
            return new Part.InFile(file.write(value), value.length);
        } catch (UncheckedIOException e) {
            if (!saidThatItStays) {
                saidThatItStays = true;
                LOG.warn("The states of domains stay in memory until they are restored: {}", e.getMessage());
            }
            return new Part.InMemory(Bytes.wrap(value));
        }
    }

    private void free(Part part) {
        if (part instanceof Part.InFile kept) {
            file.free(kept.place(), kept.length());
        }
    }

    /** How many parts the topic may have of the domain's snapshots, those that are superseded and not compacted away included. */
    public int parts(DomainId domain) {
        Kept kept = byDomain.get(domain);
        return kept == null ? 0 : kept.mostParts;
    }

    /** Those that have a state, in order. */
    public List<DomainId> domains() {
        return List.copyOf(byDomain.keySet());
    }

    /** The newest snapshot of a domain, and the rounds since then. It is made by each call, and nothing here refers to it. */
    public StateCodec.Restored of(DomainId domain) {
        Kept kept = byDomain.get(domain);
        if (kept == null) {
            throw new IllegalArgumentException("no record is of " + domain);
        }
        StateCodec.Assembly assembly = new StateCodec.Assembly();
        kept.parts.values().forEach(part -> assembly.add(read(part)));
        kept.progress.ifPresent(assembly::add);
        return assembly.complete().get(0);
    }

    private byte[] read(Part part) {
        return part instanceof Part.InFile kept
                ? file.read(kept.place(), kept.length())
                : ((Part.InMemory) part).value().array();
    }

    @Override
    public void close() {
        byDomain.clear();
        file.close();
    }
}
