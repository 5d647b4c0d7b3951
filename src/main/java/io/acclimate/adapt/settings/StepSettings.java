package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What the steps of one round train on.
 *
 * @param batchSize samples of one step
 * @param replaySteps steps on replayed target samples for each step on new ones
 * @param early more of these steps while samples are few
 * @param replayCapacity samples that a domain's replay buffer holds at most
 * @param replayBytes memory for the decoded samples of one domain's replay buffer
 * @param standIns what takes the place of source samples when there is no source set
 * @param changes how rows are changed at random in each step
 */
public record StepSettings(
        int batchSize,
        int replaySteps,
        Early early,
        int replayCapacity,
        long replayBytes,
        StandInSettings standIns,
        RowChanges changes) {
    private static final long STEP_BYTES = 256L << 20;
    /** With fewer samples a step follows one sample's whim. */
    private static final int FEWEST = 4;

    /**
     * Labels are what is scarce at first, and time is not: with more replayed steps a version is proven sooner. A mini-batch in slices gives more
     * evidence, since its later samples are scored by a model that was trained on the earlier ones ({@code findings/decisions/learning-rate.md}).
     *
     * @param samples in the replay buffer from which on no more steps are made
     * @param factor of the replayed steps with fewer samples
     * @param slice with fewer samples, how many new ones are scored and trained on at a time
     */
    public record Early(int samples, int factor, int slice) {
        public Early {
            Setting.inRange("early samples", samples, 0, 1 << 24);
            Setting.inRange("early factor", factor, 1, 100);
            Setting.inRange("early slice", slice, 1, 1 << 20);
        }
    }

    /**
     * How pictures are changed in each step: at random, and source pictures to look like those of the domain.
     *
     * @param shift how far a target row is moved at most, as a share of its width and height; 0 for not at all
     * @param erase the share of its width and height that a covered part of a target row has; 0 for none
     * @param mix the share of source rows that are mixed with another one, where the loss is taken of the source model's answers
     * @param lightFrom the halvings of effort from which on nothing is changed, and steps are light in other ways, too
     * @param translation of source pictures
     */
    public record RowChanges(double shift, double erase, double mix, int lightFrom, Translation translation) {
        /** More than the effort can be halved: all steps are alike. */
        public static final int NEVER_LIGHT = 100;

        public static final RowChanges NONE = new RowChanges(0, 0, 0);

        /** Steps are alike whatever the effort is, and nothing is translated. */
        public RowChanges(double shift, double erase, double mix) {
            this(shift, erase, mix, NEVER_LIGHT, Translation.NONE);
        }

        public RowChanges {
            Setting.inRange("shift", shift, 0, 0.5);
            Setting.inRange("erase", erase, 0, 0.9);
            Setting.inRange("mix", mix, 0, 1);
            Setting.inRange("halvings from which steps are light", lightFrom, 1, NEVER_LIGHT);
        }

        /** One pixel of 32; two were no better. Half of the side covered was no better than three tenths. */
        public static RowChanges defaults() {
            return new RowChanges(1.0 / 32, 0.3, 0.5, 3, Translation.defaults());
        }
    }

    /**
     * How source pictures are changed to look like those of the domain.
     *
     * @param tries changes that are tried on each new sample while samples are few; 0 for no translated pictures
     * @param half the samples in the replay buffer with which half of the replayed rows are such pictures: of n samples, half / (half + n) are, and
     *     three quarters at most
     * @param look how such a change is looked for
     */
    public record Translation(int tries, int half, Look look) {
        /** Names are those of provenance. */
        public enum Look {
            /**
             * Noise is taken for what a picture shows, so that faint and noisy pictures are not restored; exposure is no longer looked at once pictures are known as often without; and fewer
             * changes are tried with each halving of effort.
             */
            AT_ONCE,
            /**
             * Noise is smoothed and put on source pictures; exposure is looked at until the source model knows most pictures; and while samples are few, fewer changes are tried with every second
             * halving of effort only.
             */
            THROUGH_NOISE,
            /**
             * As {@link #THROUGH_NOISE}. Besides, three of ten labels show a list that is off by one; it is taken for such a list until clearly more labels
             * agree as they are; and where changed pictures show that the list is right, the gate takes it for no other.
             */
            WITH_LISTS;

            public boolean isThroughNoise() {
                return this != AT_ONCE;
            }
        }

        private static final int LATER = 2;
        private static final float MOST = 0.75f;

        public static final Translation NONE = new Translation(0, 0, Look.WITH_LISTS);

        public Translation {
            Setting.inRange("translation tries", tries, 0, 100);
            Setting.inRange("samples for half translated rows", half, 0, 1 << 24);
        }

        public static Translation defaults() {
            return new Translation(16, 512, Look.WITH_LISTS);
        }

        /** How many of so many replayed rows are translated ones, when the replay buffer holds {@code samples}. */
        public int rows(int replayed, int samples) {
            return half == 0 ? 0 : Math.round(replayed * Math.min(MOST, half / (float) (half + samples)));
        }
    }

    public StepSettings {
        Setting.inRange("batch size", batchSize, 1, 4096);
        Setting.inRange("replay steps", replaySteps, 0, 1000);
        Setting.inRange("replay capacity", replayCapacity, 1, 1 << 24);
        Setting.inRange("replay bytes", replayBytes, 1, 1L << 40);
    }

    public static StepSettings defaults() {
        return new StepSettings(
                32, 21, new Early(256, 2, 8), 8192, 256L << 20, StandInSettings.defaults(), RowChanges.defaults());
    }

    /** Replayed target batches for each batch of new samples, when the replay buffer holds {@code samples}. */
    public int replaySteps(int samples) {
        return samples < early.samples() ? early.factor() * replaySteps : replaySteps;
    }

    /** How many changes are tried on each new sample with all effort, when the replay buffer holds {@code samples}. */
    public int translationTries(int samples) {
        return samples < early.samples()
                ? changes.translation().tries()
                : Math.min(changes.translation().tries(), Translation.LATER);
    }

    /** How often the number of changes that are tried is halved, where the effort is halved so often. */
    public int translationHalvings(int samples, int halvings) {
        boolean patient = changes.translation().look().isThroughNoise();
        return patient && samples < early.samples() ? halvings / 2 : halvings;
    }

    /** How many new samples are scored and trained on at a time, when the replay buffer holds {@code samples}. */
    public int slice(int samples) {
        return samples < early.samples() ? early.slice() : Integer.MAX_VALUE;
    }

    /**
     * Whether steps of an effort that was halved so often are light: rows are not changed at random, since a worker that is behind sees each sample once or twice, there
     * are half as many source rows, and the first layer stays as it is.
     */
    public boolean isLight(int halvings) {
        return halvings >= changes.lightFrom();
    }

    /**
     * Steps of fewer samples where a whole step would take more than {@value #STEP_BYTES} bytes: training keeps what all layers give for
     * every row. A step has half as many source samples besides. More steps are made then, so that as many samples are seen.
     *
     * @param rowBytes what all layers give for one row
     */
    public StepSettings within(long rowBytes) {
        long fits = 2 * STEP_BYTES / Math.max(1, 3 * rowBytes);
        return withBatchSize((int) Math.min(batchSize, Math.max(FEWEST, fits)));
    }

    private StepSettings withBatchSize(int size) {
        return new StepSettings(size, replaySteps, early, replayCapacity, replayBytes, standIns, changes);
    }

    public StepSettings withReplay(int steps, int capacity) {
        return new StepSettings(batchSize, steps, early, capacity, replayBytes, standIns, changes);
    }

    public StepSettings withChanges(RowChanges other) {
        return new StepSettings(batchSize, replaySteps, early, replayCapacity, replayBytes, standIns, other);
    }

    public StepSettings withTranslation(Translation other) {
        return withChanges(new RowChanges(changes.shift(), changes.erase(), changes.mix(), changes.lightFrom(), other));
    }
}
