package io.acclimate.dataset;

import io.acclimate.core.ClassNames;
import io.acclimate.core.Payload;
import java.util.List;
import java.util.stream.IntStream;

/** Records under another label set. Those whose class the label set lacks are left out. */
class RelabelledRecords implements LabelledRecords {
    private final LabelledRecords records;
    private final List<Integer> kept;
    private final List<Integer> classes;
    private final ClassNames names;

    /** @param classes the index in {@code names} of each class of {@code records}; -1 leaves the records of a class out */
    RelabelledRecords(LabelledRecords records, List<Integer> classes, ClassNames names) {
        this.records = records;
        this.classes = List.copyOf(classes);
        this.names = names;
        this.kept = IntStream.range(0, records.size())
                .filter(index -> classes.get(records.label(index)) >= 0)
                .boxed()
                .toList();
    }

    /** Where record {@code index} stands in the data set that is relabelled. */
    final int original(int index) {
        return kept.get(index);
    }

    @Override
    public int size() {
        return kept.size();
    }

    @Override
    public Payload payload(int index) {
        return records.payload(original(index));
    }

    @Override
    public int label(int index) {
        return classes.get(records.label(original(index)));
    }

    @Override
    public ClassNames classNames() {
        return names;
    }

    @Override
    public String name(int index) {
        return records.name(original(index));
    }
}
