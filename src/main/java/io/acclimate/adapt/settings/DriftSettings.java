package io.acclimate.adapt.settings;

import io.acclimate.core.Setting;

/**
 * What is done about a domain that changes.
 *
 * @param level the probability that one test finds a change that is none
 * @param redraws how often a replayed sample from before the change is drawn again, in the hope of one from after it. With more, a
 *     stream that changes for good is learnt sooner, and a domain that returns is known less well ({@code findings/decisions/drift.md})
 * @param labelShift what FOLLOW does about a change of nothing but the shares of classes
 */
public record DriftSettings(Use use, double level, int redraws, LabelShift labelShift) {
    /** Names are those of the option and of provenance. */
    public enum Use {
        /** Changes are not looked for. */
        IGNORE,
        /** A change is told. */
        REPORT,
        /** Besides, training makes as many steps as for a new domain, and samples from before the change are replaced first. */
        FOLLOW
    }

    /** What is done about a change of nothing but the shares of classes. Names are those of provenance. */
    public enum LabelShift {
        /** As about any change. */
        FOLLOW,
        /**
         * It is told. Samples from before it show what their classes still look like, and classes are drawn alike for each step. Labels that
         * come sorted by class change their shares again and again.
         */
        REPORT
    }

    public DriftSettings {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("the level of drift is between 0 and 1, got " + level);
        }
        Setting.inRange("redraws", redraws, 0, 16);
    }

    public static DriftSettings defaults() {
        return new DriftSettings(Use.FOLLOW, 0.002, 0, LabelShift.REPORT);
    }

    public DriftSettings withUse(Use other) {
        return new DriftSettings(other, level, redraws, labelShift);
    }
}
