package io.acclimate.adapt.repeats;

import io.acclimate.adapt.samples.Pixels;
import io.acclimate.adapt.samples.Shelf;
import io.acclimate.adapt.settings.AnswerSettings.Repeats;
import io.acclimate.core.InputSpec;
import io.acclimate.core.ModelInput;
import io.acclimate.wire.v1.Checkpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The pictures of a domain that had a label: from {@value #EACH} to twice as many of those that came last, by digests of their pixels. Beyond that, a
 * picture that comes again is taken for another one. Two sets take turns: when the newer is full, it becomes the older, whose pictures are
 * forgotten unless they came again.
 *
 * <p>Equal means the same to the last bit of the model's input, so that a picture which was compressed again is another one. Rejected
 * alternatives: the replay buffer alone, which keeps few hundred pictures of a large network; and a Bloom filter, which cannot forget.
 * Rows of tensors and texts that are equal are common and no repeats. Memory: 8 to 16 bytes for each picture, half a
 * megabyte at most; in a checkpoint 4 bytes for each. One thread.
 */
public final class SeenPictures {
    /** Pictures of one of the two sets. */
    static final int EACH = 1 << 15;
    /** Labels from which on it is said that most of them repeat. */
    static final int MANY = 256;

    private final boolean used;
    private final Shelf shelf;
    private Digests newer = new Digests();
    private Digests older = new Digests();
    private long labels;
    private long repeats;
    private boolean isTold;

    /** @param shelf is told how many bytes of heap this takes */
    public SeenPictures(Repeats repeats, ModelInput input, Shelf shelf) {
        this(repeats == Repeats.LEFT_OUT && input instanceof InputSpec, shelf);
    }

    private SeenPictures(boolean used, Shelf shelf) {
        this.used = used;
        this.shelf = shelf;
    }

    /** None is looked at. */
    public static SeenPictures none() {
        return new SeenPictures(false, Shelf.HEAP);
    }

    /** False where pictures are told apart by their ids, or where there are no pictures. */
    public boolean areKept() {
        return used;
    }

    /** True when the picture had a label before. */
    public boolean has(Pixels picture) {
        return used && (newer.has(picture.digest()) || older.has(picture.digest()));
    }

    /** For each of these, in their order, whether neither an earlier one is the same picture nor any that came before them. */
    public boolean[] firsts(List<Pixels> pictures) {
        boolean[] first = new boolean[pictures.size()];
        Set<Long> among = new HashSet<>();
        for (int i = 0; i < first.length; i++) {
            first[i] =
                    !used || (!has(pictures.get(i)) && among.add(pictures.get(i).digest()));
        }
        return first;
    }

    /** The picture has a label. True when it had one before. */
    public boolean see(Pixels picture) {
        if (!used) {
            return false;
        }
        boolean before = has(picture);
        labels++;
        repeats += before ? 1 : 0;
        add(picture);
        return before;
    }

    private void add(Pixels picture) {
        newer.add(picture.digest());
        if (newer.size() >= EACH) {
            older = newer;
            newer = new Digests();
        }
        shelf.holdBeside(newer.bytes() + older.bytes());
    }

    /** Once, when more than half of many labels since the start were of pictures that had one before: how many of how many. */
    public Optional<Share> newlyMost() {
        if (isTold || labels < MANY || 2 * repeats <= labels) {
            return Optional.empty();
        }
        isTold = true;
        return Optional.of(new Share(repeats, labels));
    }

    /** So many of the labels are of pictures that had one before. */
    public record Share(long repeats, long labels) {}

    /** What was learnt from any picture is given up. */
    public void clear() {
        newer = new Digests();
        older = new Digests();
        shelf.holdBeside(0);
    }

    public void save(Checkpoint.Builder checkpoint) {
        if (used) {
            checkpoint.getSeenPicturesBuilder().addAllNewer(newer.state()).addAllOlder(older.state());
        }
    }

    /**
     * Continues with those of a checkpoint. One of a worker that told pictures apart by their ids has none: then those count that it kept.
     *
     * @param kept the pictures of replay buffer and holdout
     */
    public void restore(Checkpoint checkpoint, List<Pixels> kept) {
        newer = Digests.of(checkpoint.getSeenPictures().getNewerList());
        older = Digests.of(checkpoint.getSeenPictures().getOlderList());
        if (used && newer.size() + older.size() == 0) {
            kept.forEach(this::add);
        }
        shelf.holdBeside(newer.bytes() + older.bytes());
    }
}
