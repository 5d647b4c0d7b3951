package io.acclimate.adapt.versions;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.settings.RecordedSettings;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.Digest;
import io.acclimate.core.MiniBatch;
import io.acclimate.core.ModelVersion;
import io.acclimate.infer.Calibration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How a version was made, as text that is published with it: enough to make the version again, and to say why that fails. The keys are
 * part of the contract.
 */
public final class Provenance {
    private static final String MINI_BATCH = "miniBatch";
    /** The factor of the recorded learning rate and largest move when the version was trained. */
    private static final String STEP_SCALE = "stepScale";

    public static final String OFFSET = "miniBatchOffset";
    public static final String SOURCE = "source";
    public static final String CONFIGURATION = ModelVersion.CONFIGURATION;
    /**
     * The offset from which on a worker lost its predecessor's training state, after a kill and a change of configuration. The key keeps
     * its old name, since published versions have it.
     */
    public static final String STATE_LOST_AT = "takenUpFrom";

    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private Provenance() {}

    /**
     * How a version was made.
     *
     * @param source names the source set
     */
    public static Map<String, String> of(
            AdaptSettings settings,
            Digest base,
            String source,
            MiniBatch batch,
            long offset,
            long samplesSeen,
            double stepScale,
            OptionalLong stateLostAt,
            AdaptationEvent.Judged judged) {
        Map<String, String> all = new TreeMap<>(RecordedSettings.of(settings));
        all.putAll(Platform.FACTS);
        all.put(MINI_BATCH, Long.toString(batch.sequence()));
        all.put(OFFSET, Long.toString(offset));
        all.put(ModelVersion.CLOSED_AT, Long.toString(batch.closedAt().toEpochMilli()));
        all.put(SOURCE, source);
        all.put(CONFIGURATION, RecordedSettings.id(settings, base, source));
        stateLostAt.ifPresent(lost -> all.put(STATE_LOST_AT, Long.toString(lost)));
        all.put("samplesSeen", Long.toString(samplesSeen));
        all.put(STEP_SCALE, Double.toString(stepScale));
        all.put("holdoutSize", Integer.toString(judged.holdoutSize()));
        all.put("candidateAccuracy", Double.toString(judged.candidateAccuracy()));
        all.put("activeAccuracy", Double.toString(judged.activeAccuracy()));
        all.put("sourceAccuracy", Double.toString(judged.sourceAccuracy()));
        return all;
    }

    /** Tells of a domain's new versions how they were made. One thread. */
    public static final class Maker {
        private final AdaptSettings settings;
        private final Digest base;
        private final String source;
        private final Supplier<OptionalLong> stateLostAt;

        /**
         * For a domain that is trained with these settings.
         *
         * @param source names the source set
         */
        public Maker(AdaptSettings settings, Digest base, String source, Supplier<OptionalLong> stateLostAt) {
            this.settings = settings;
            this.base = base;
            this.source = source;
            this.stateLostAt = stateLostAt;
        }

        /**
         * How a version was made that was judged after this mini-batch.
         *
         * @param offset of the mini-batch's record
         * @param samplesSeen labelled samples that the domain was trained on
         * @param stepScale with which the version was trained
         * @param calibration of its confidence
         */
        public Map<String, String> of(
                MiniBatch batch,
                long offset,
                long samplesSeen,
                double stepScale,
                AdaptationEvent.Judged judged,
                Calibration calibration) {
            Map<String, String> all = Provenance.of(
                    settings, base, source, batch, offset, samplesSeen, stepScale, stateLostAt.get(), judged);
            if (calibration.isFitted()) {
                all.put("temperature", Double.toString(calibration.temperature()));
                if (!Double.isNaN(calibration.errorAfter())) {
                    all.put("calibrationErrorBefore", Double.toString(calibration.errorBefore()));
                    all.put("calibrationErrorAfter", Double.toString(calibration.errorAfter()));
                }
            }
            return all;
        }
    }

    /** What the bits of a version may depend on, beside settings and samples. */
    public static SortedMap<String, String> platform() {
        return Platform.FACTS;
    }

    private static final class Platform {
        static final SortedMap<String, String> FACTS = facts();

        private static SortedMap<String, String> facts() {
            SortedMap<String, String> facts = new TreeMap<>();
            String build = Provenance.class.getPackage().getImplementationVersion();
            facts.put("build", build == null ? "from classes" : build);
            facts.put(
                    "jvm",
                    System.getProperty("java.vm.name", "") + " " + System.getProperty("java.runtime.version", ""));
            facts.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.version", ""));
            facts.put("cpu", System.getProperty("os.arch", "") + processor());
            return facts;
        }

        /** Native kernels choose their instructions by it. */
        private static String processor() {
            try (var lines = Files.lines(CPUS, StandardCharsets.UTF_8)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line ->
                                ", " + line.substring(line.indexOf(':') + 1).strip())
                        .orElse("");
            } catch (IOException e) {
                return "";
            }
        }
    }
}
