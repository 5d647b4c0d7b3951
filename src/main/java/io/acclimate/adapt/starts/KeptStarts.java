package io.acclimate.adapt.starts;

import io.acclimate.core.DomainId;
import io.acclimate.wire.StartCodec;
import io.acclimate.wire.v1.StartPart;
import io.acclimate.wire.v1.StartPass;
import io.acclimate.wire.v1.StartPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The complete starts of one partition, and its last pass. It keeps places and none of the bytes.
 *
 * <p>A start is written in several transactions, so a worker that is killed leaves a part of one. That is no start: its last part is not
 * there, and the last part of an older start in the same slot does not count, since the first part of a start ends what was in its slot
 * before, and a part must have the number and the generation that follow. One thread.
 */
public final class KeptStarts {
    public static final int SLOTS = 2;

    private final StartCodec codec = new StartCodec();
    private final Map<DomainId, Map<Integer, Parts>> bySlot = new HashMap<>();
    /** How many records each slot of a domain may still have, those of replaced starts included. */
    private final Map<DomainId, Map<Integer, Integer>> records = new HashMap<>();

    private Optional<StartPass> pass = Optional.empty();

    /** What is there of a start, which may not be all. */
    private static final class Parts {
        private final long generation;
        private final List<Long> state = new ArrayList<>();
        private final List<Long> samples = new ArrayList<>();
        private boolean complete;

        Parts(long generation) {
            this.generation = generation;
        }

        int next() {
            return state.size() + samples.size();
        }
    }

    /** Takes one record of the topic, in the order of offsets. */
    public void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            StartCodec.firstOf(record.key()).ifPresent(this::removed);
            return;
        }
        StartPart part = codec.part(record.value());
        if (part.hasPass()) {
            put(part.getPass());
            return;
        }
        DomainId domain = new DomainId(part.getDomain());
        records.computeIfAbsent(domain, d -> new HashMap<>()).merge(part.getSlot(), part.getIndex() + 1, Math::max);
        Map<Integer, Parts> slots = bySlot.computeIfAbsent(domain, d -> new HashMap<>());
        if (part.getIndex() == 0) {
            slots.put(part.getSlot(), new Parts(part.getGeneration()));
        }
        Parts parts = slots.get(part.getSlot());
        // What compaction has left of a start that was replaced has lost its first parts.
        if (parts != null && parts.generation == part.getGeneration() && parts.next() == part.getIndex()) {
            (part.getSamplesCount() > 0 ? parts.samples : parts.state).add(record.offset());
            parts.complete |= part.getLast();
        }
    }

    /** The first part of a start was removed and not replaced, as when its domain is retired. */
    private void removed(StartCodec.Slot first) {
        bySlot.getOrDefault(first.domain(), new HashMap<>()).remove(first.number());
    }

    /** The domain was retired, and this start is all that it has from now on. */
    public void replaceAll(KeptStart only) {
        bySlot.remove(only.domain());
        records.remove(only.domain());
        put(only);
    }

    /** A start was written and is committed. */
    public void put(KeptStart start) {
        Parts parts = new Parts(start.generation());
        parts.state.addAll(start.state());
        parts.samples.addAll(start.samples());
        parts.complete = true;
        records.computeIfAbsent(start.domain(), d -> new HashMap<>()).put(start.slot(), parts.next());
        bySlot.computeIfAbsent(start.domain(), d -> new HashMap<>()).put(start.slot(), parts);
    }

    public void put(StartPass last) {
        pass = Optional.of(last.toBuilder().clearPlaces().build());
    }

    /** Takes the place of a slot that a pass tells. */
    void put(StartPlace place) {
        DomainId domain = new DomainId(place.getDomain());
        if (place.getStateCount() > 0) {
            put(new KeptStart(
                    domain,
                    place.getGeneration(),
                    place.getSlot(),
                    sums(place.getStateList()),
                    sums(place.getSamplesList())));
        }
        records.computeIfAbsent(domain, d -> new HashMap<>()).put(place.getSlot(), place.getRecords());
    }

    /** The places of all slots, as a pass tells them. */
    public List<StartPlace> places() {
        List<StartPlace> places = new ArrayList<>();
        records.forEach((domain, slots) -> slots.forEach((slot, count) -> {
            StartPlace.Builder place = StartPlace.newBuilder()
                    .setDomain(domain.value())
                    .setSlot(slot)
                    .setRecords(count);
            Parts parts = bySlot.getOrDefault(domain, Map.of()).get(slot);
            if (parts != null && parts.complete) {
                place.setGeneration(parts.generation)
                        .addAllState(differences(parts.state))
                        .addAllSamples(differences(parts.samples));
            }
            places.add(place.build());
        }));
        return places;
    }

    private static List<Long> differences(List<Long> ascending) {
        List<Long> differences = new ArrayList<>();
        long before = 0;
        for (long each : ascending) {
            differences.add(each - before);
            before = each;
        }
        return differences;
    }

    private static List<Long> sums(List<Long> differences) {
        List<Long> sums = new ArrayList<>();
        long before = 0;
        for (long each : differences) {
            before += each;
            sums.add(before);
        }
        return sums;
    }

    public Optional<StartPass> pass() {
        return pass;
    }

    /** The complete starts of a domain, newest first. */
    public List<KeptStart> of(DomainId domain) {
        List<KeptStart> complete = new ArrayList<>();
        bySlot.getOrDefault(domain, Map.of()).forEach((slot, parts) -> {
            if (parts.complete) {
                complete.add(new KeptStart(domain, parts.generation, slot, parts.state, parts.samples));
            }
        });
        complete.sort(Comparator.comparing(KeptStart::generation).reversed());
        return complete;
    }

    /** The slot for the domain's next start: one that has none, or the older of both. */
    public int nextSlot(DomainId domain) {
        List<KeptStart> complete = of(domain);
        if (complete.size() == SLOTS) {
            return complete.get(SLOTS - 1).slot();
        }
        return complete.isEmpty() ? 0 : SLOTS - 1 - complete.get(0).slot();
    }

    /** How many records the slot has had, which a shorter start does not replace all. */
    public int records(DomainId domain, int slot) {
        return records.getOrDefault(domain, Map.of()).getOrDefault(slot, 0);
    }
}
