package io.acclimate.adapt.settings;

import io.acclimate.core.Digest;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes every setting that decides what is learnt into a version's provenance, and reads the settings back from one. The records'
 * components are read by reflection, so that no setting can be forgotten: a rebuild that missed one would blame the machine. A
 * version is immutable, so the key of a setting is written out in {@link #KEYS} and does not follow the Java name: a component that
 * is renamed or moves into a nested record changes the left side of its line and keeps the right.
 */
public final class RecordedSettings {
    /** The components, by their path, that do not decide what is learnt: another group learns the same. */
    private static final Set<String> LEARNS_THE_SAME = Set.of(
            "delivery.freshness.target",
            "delivery.membership.group",
            "delivery.membership.instance",
            "delivery.output.events",
            "delivery.output.keepMiniBatches",
            "delivery.output.snapshotEvery");

    /** The key in the provenance of each other component, by the component's path from {@link AdaptSettings}. */
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("gate.proven.classShare", "gate.classShare"),
            Map.entry("gate.proven.level", "gate.level"),
            Map.entry("steps.batchSize", "batchSize"),
            Map.entry("gate.maxSourceDrop", "gate.maxSourceDrop"),
            Map.entry("gate.minimumHoldout", "gate.minimumHoldout"),
            Map.entry("gate.rule", "gate.rule"),
            Map.entry("gate.proven.suspicion", "gate.suspicion"),
            Map.entry("gate.proven.watch", "gate.watch"),
            Map.entry("gate.proven.withdrawal", "gate.withdrawal"),
            Map.entry("gate.tolerance", "gate.tolerance"),
            Map.entry("gate.z", "gate.z"),
            Map.entry("steps.early.factor", "earlyFactor"),
            Map.entry("steps.early.samples", "earlySamples"),
            Map.entry("steps.early.slice", "earlySlice"),
            Map.entry("evaluation.holdoutCapacity", "holdoutCapacity"),
            Map.entry("delivery.pace.early", "publish.early"),
            Map.entry("delivery.pace.gain", "publish.gain"),
            Map.entry("delivery.pace.growth", "publish.growth"),
            Map.entry("delivery.pace.longest", "publish.longest"),
            Map.entry("delivery.pace.shortest", "publish.shortest"),
            Map.entry("delivery.retention.days", "retention.days"),
            Map.entry("delivery.retention.hours", "retention.hours"),
            Map.entry("delivery.retention.newest", "retention.newest"),
            Map.entry("steps.replayBytes", "replayBytes"),
            Map.entry("steps.replayCapacity", "replayCapacity"),
            Map.entry("steps.replaySteps", "replaySteps"),
            Map.entry("evaluation.resetAfterRejects", "resetAfterRejects"),
            Map.entry("evaluation.restartShrink", "restartShrink"),
            Map.entry("evaluation.scaleOfRate", "scaleOfRate"),
            Map.entry("evaluation.answers.confidence", "confidence"),
            Map.entry("evaluation.answers.memory", "answers.memory"),
            Map.entry("evaluation.answers.randomLabels", "answers.randomLabels"),
            Map.entry("evaluation.answers.asked", "asked"),
            Map.entry("evaluation.answers.repeats", "repeats"),
            Map.entry("evaluation.drift.use", "drift"),
            Map.entry("evaluation.drift.labelShift", "drift.labelShift"),
            Map.entry("evaluation.drift.level", "drift.level"),
            Map.entry("evaluation.drift.redraws", "drift.redraws"),
            Map.entry("seed", "seed"),
            Map.entry("delivery.shadow", "shadow"),
            Map.entry("steps.changes.erase", "erase"),
            Map.entry("steps.changes.lightFrom", "lightFrom"),
            Map.entry("steps.changes.mix", "sourceMix"),
            Map.entry("steps.changes.shift", "shift"),
            Map.entry("steps.changes.translation.half", "translateHalf"),
            Map.entry("steps.changes.translation.look", "translateLook"),
            Map.entry("steps.changes.translation.tries", "translateTries"),
            Map.entry("steps.standIns.changes", "standInChanges"),
            Map.entry("steps.standIns.tries", "standInTries"),
            Map.entry("evaluation.sourceCheck", "sourceCheck"),
            Map.entry("train.averageDecay", "train.averageDecay"),
            Map.entry("train.optimizer.clip", "train.clip"),
            Map.entry("train.optimizer.moves.fresh", "train.freshMove"),
            Map.entry("train.optimizer.moves.largest", "train.largestMove"),
            Map.entry("train.optimizer.moves.layers", "train.moveLayers"),
            Map.entry("train.optimizer.learningRate", "train.learningRate"),
            Map.entry("train.optimizer.momentum", "train.momentum"),
            Map.entry("train.optimizer.kind", "train.optimizer"),
            Map.entry("train.seed", "train.seed"),
            Map.entry("train.terms.align", "train.terms.align"),
            Map.entry("train.terms.kappa", "train.terms.kappa"),
            Map.entry("train.terms.lambda", "train.terms.lambda"),
            Map.entry("train.terms.layer", "train.terms.layer"),
            Map.entry("train.terms.mu", "train.terms.mu"),
            Map.entry("train.terms.rho", "train.terms.rho"),
            Map.entry("train.terms.sourceLoss", "train.terms.sourceLoss"),
            Map.entry("train.trainable", "train.trainable"),
            Map.entry("train.optimizer.weightDecay", "train.weightDecay"),
            Map.entry("unlabelled.use", "unlabelled"),
            Map.entry("unlabelled.capacity", "unlabelledCapacity"));

    /** How versions were made before a setting existed, which they therefore do not record. */
    private static final Map<String, String> BEFORE = Map.ofEntries(
            Map.entry("answers.memory", "0"),
            Map.entry("answers.randomLabels", "IGNORE"),
            Map.entry("asked", "AGAIN"),
            Map.entry("confidence", "RAW"),
            Map.entry("drift", "IGNORE"),
            Map.entry("drift.labelShift", "FOLLOW"),
            Map.entry("drift.level", "0.002"),
            Map.entry("drift.redraws", "0"),
            Map.entry("earlyFactor", "1"),
            Map.entry("earlySamples", "0"),
            Map.entry("earlySlice", Integer.toString(1 << 20)),
            Map.entry("erase", "0.0"),
            Map.entry("gate.classShare", "0.8"),
            Map.entry("gate.level", "0.05"),
            Map.entry("gate.rule", "NON_INFERIOR"),
            Map.entry("gate.suspicion", "ALL_CLASSES"),
            Map.entry("gate.watch", "BY_EFFORT"),
            Map.entry("gate.withdrawal", "BY_LEAD"),
            Map.entry("lightFrom", Integer.toString(StepSettings.RowChanges.NEVER_LIGHT)),
            Map.entry("publish.early", "0"),
            Map.entry("publish.gain", "0.0"),
            Map.entry("publish.growth", "0.0"),
            Map.entry("publish.longest", "PT0S"),
            Map.entry("publish.shortest", "PT0S"),
            Map.entry("repeats", "BY_ID"),
            Map.entry("restartShrink", "1.0"),
            Map.entry("retention.days", "0"),
            Map.entry("retention.hours", "0"),
            Map.entry("retention.newest", Integer.toString(Integer.MAX_VALUE)),
            Map.entry("scaleOfRate", "false"),
            Map.entry("shadow", "false"),
            Map.entry("shift", "0.0"),
            Map.entry("sourceMix", "0.0"),
            Map.entry("standInChanges", "FIXED"),
            Map.entry("standInTries", "0"),
            Map.entry("translateHalf", "0"),
            Map.entry("translateLook", "AT_ONCE"),
            Map.entry("translateTries", "0"),
            Map.entry("train.freshMove", "0.0"),
            Map.entry("train.largestMove", "Infinity"),
            Map.entry("train.moveLayers", Integer.toString(Integer.MAX_VALUE)),
            Map.entry("train.terms.sourceLoss", "LABELS"),
            Map.entry("unlabelled", "OFF"),
            Map.entry("unlabelledCapacity", "512"));

    /** The same of versions that record the rule of the gate and not yet all other settings. */
    private static final Map<String, String> SINCE_THE_PROOF = Map.of("earlyFactor", "3", "earlySamples", "256");

    private static final List<Class<?>> PLAIN =
            List.of(int.class, long.class, double.class, boolean.class, String.class, Duration.class);

    private RecordedSettings() {}

    public static SortedMap<String, String> of(AdaptSettings settings) {
        SortedMap<String, String> all = new TreeMap<>();
        write(settings, "", all);
        return all;
    }

    /** Equal for workers that would train the same versions: with equal settings, base model with its label set, and source set. */
    public static String id(AdaptSettings settings, Digest base, String source) {
        String all = of(settings) + base.hex() + source;
        return Digest.of(all.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }

    private static void write(Record from, String prefix, Map<String, String> into) {
        for (RecordComponent each : from.getClass().getRecordComponents()) {
            Object value = read(from, each);
            if (value instanceof Record nested) {
                write(nested, prefix + each.getName() + ".", into);
            } else if (!LEARNS_THE_SAME.contains(prefix + each.getName())) {
                into.put(key(prefix + each.getName()), text(value));
            }
        }
    }

    private static String key(String path) {
        String key = KEYS.get(path);
        if (key == null) {
            throw new IllegalStateException("the setting " + path + " has no key under which a version records it");
        }
        return key;
    }

    private static String text(Object value) {
        return value instanceof Enum<?> named ? named.name() : String.valueOf(value);
    }

    /** {@code settings} with the recorded values in their place. The names without a recorded value are added to {@code missing}. */
    public static AdaptSettings over(AdaptSettings settings, Map<String, String> recorded, Set<String> missing) {
        return over(settings, "", recorded, missing);
    }

    private static <R extends Record> R over(
            R settings, String prefix, Map<String, String> recorded, Set<String> missing) {
        RecordComponent[] components = settings.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            RecordComponent each = components[i];
            types[i] = each.getType();
            Object own = read(settings, each);
            String path = prefix + each.getName();
            if (own instanceof Record nested) {
                values[i] = over(nested, path + ".", recorded, missing);
            } else if (LEARNS_THE_SAME.contains(path)) {
                values[i] = own;
            } else {
                String key = key(path);
                String text = recorded.containsKey(key) ? recorded.get(key) : before(key, recorded);
                if (text == null) {
                    missing.add(key);
                }
                values[i] = text == null ? own : parse(text, each.getType(), key);
            }
        }
        try {
            @SuppressWarnings("unchecked") // the class of settings is R
            Constructor<R> constructor = (Constructor<R>) settings.getClass().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the recorded settings cannot be used: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record has its canonical constructor", e);
        }
    }

    private static @Nullable String before(String key, Map<String, String> recorded) {
        String sinceTheProof = recorded.containsKey("gate.rule") ? SINCE_THE_PROOF.get(key) : null;
        return sinceTheProof == null ? BEFORE.get(key) : sinceTheProof;
    }

    private static Object parse(String text, Class<?> type, String name) {
        try {
            if (type.isEnum()) {
                for (Object constant : type.getEnumConstants()) {
                    if (((Enum<?>) constant).name().equals(text)) {
                        return constant;
                    }
                }
                throw new IllegalArgumentException("no such value");
            }
            return switch (PLAIN.indexOf(type)) {
                case 0 -> Integer.valueOf(text);
                case 1 -> Long.valueOf(text);
                case 2 -> Double.valueOf(text);
                case 3 -> Boolean.valueOf(text);
                case 4 -> text;
                case 5 -> Duration.parse(text);
                default -> throw new IllegalStateException("a setting of type " + type + " cannot be recorded");
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IllegalArgumentException("the recorded setting " + name + "=" + text + " is unreadable", e);
        }
    }

    private static Object read(Record from, RecordComponent component) {
        try {
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's accessor can be called", e);
        }
    }

    /** Those of {@code names} for which both maps have a value, and not the same. */
    public static Set<String> differing(Map<String, String> one, Map<String, String> other, Set<String> names) {
        Set<String> differing = new TreeSet<>();
        for (String name : names) {
            String mine = one.get(name);
            String theirs = other.get(name);
            if (mine != null && theirs != null && !mine.equals(theirs)) {
                differing.add(name);
            }
        }
        return differing;
    }
}
