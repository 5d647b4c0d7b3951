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
import java.util.function.Predicate;

/**
 * The pictures of a domain that had a label: from {@value #EACH} to twice as many of those that came last, by digests of their pixels, and those
 * that the replay buffer has, some of which are older. Beyond that, a picture that comes again is taken for another one. Two sets take turns: when
 * the newer is full, it becomes the older, whose pictures are forgotten unless they came again.
 *
 * <p>Equal means the same to the last bit of the model's input, so that a picture which was compressed again is another one. Rejected
 * alternatives: the replay buffer alone, which keeps few hundred pictures of a large network; and a Bloom filter, which cannot forget.
 * Rows of tensors and texts that are equal are common and no repeats. Memory: 8 to 16 bytes for each picture, half a
 * megabyte at most; in a checkpoint 4 bytes for each. One thread.
 */
public final class SeenPictures {
    /** Pictures of one of the two sets. */
    static final int EACH = 1 << 15;
    /** Of so many labels in a row it is looked whether most of them repeat. */
    static final int LOOK = 256;

    private final boolean used;
    private final Shelf shelf;
    private final Predicate<Pixels> replayed;
    private Digests newer = new Digests();
    private Digests older = new Digests();
    /** Since the last look. */
    private int labels;

    private int repeats;
    private Optional<Share> most = Optional.empty();
    private boolean isTold;

    /** Those that came last alone. */
    public SeenPictures(Repeats repeats, ModelInput input, Shelf shelf) {
        this(repeats, input, shelf, picture -> false);
    }

    /**
     * Those that came last, and those of a replay buffer, which may be older.
     *
     * @param shelf is told how many bytes of heap this takes
     * @param replayed true for a picture in the replay buffer
     */
    public SeenPictures(Repeats repeats, ModelInput input, Shelf shelf, Predicate<Pixels> replayed) {
        this(
                repeats != Repeats.BY_ID && input instanceof InputSpec,
                shelf,
                repeats == Repeats.REPLAYED_LEFT_OUT ? replayed : picture -> false);
    }

    private SeenPictures(boolean used, Shelf shelf, Predicate<Pixels> replayed) {
        this.used = used;
        this.shelf = shelf;
        this.replayed = replayed;
    }

    /** None is looked at. */
    public static SeenPictures none() {
        return new SeenPictures(false, Shelf.HEAP, picture -> false);
    }

    /** False where pictures are told apart by their ids, or where there are no pictures. */
    public boolean areKept() {
        return used;
    }

    /** True when the picture had a label before. */
    public boolean has(Pixels picture) {
        return used && (newer.has(picture.digest()) || older.has(picture.digest()) || replayed.test(picture));
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
        if (labels == LOOK) {
            most = 2 * repeats > LOOK ? Optional.of(new Share(repeats, LOOK)) : most;
            labels = 0;
            repeats = 0;
        }
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

    /** Once, when more than half of {@value #LOOK} labels in a row were of pictures that had one before: how many of how many. */
    public Optional<Share> newlyMost() {
        if (isTold) {
            return Optional.empty();
        }
        isTold = most.isPresent();
        return most;
    }

    /** So many of the labels are of pictures that had one before. */
    public record Share(int repeats, int labels) {}

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
