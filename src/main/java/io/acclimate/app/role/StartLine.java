package io.acclimate.app.role;

import io.acclimate.app.options.ModelOptions;
import io.acclimate.onnx.ModelGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The one line in which a process says at its start what it runs with: its Kafka, topics, group and model, and each setting that is not
 * its default. Values that may hold secrets are left out.
 */
final class StartLine {
    private static final int DIGEST_SHOWN = 12;
    /** Options whose values may hold a password. */
    private static final Set<String> HIDDEN =
            Set.of("--kafka", "--schema-registry", "--otlp-endpoint", "--otlp-traces-endpoint");
    /** Options that the line shows by themselves. */
    private static final Set<String> SHOWN = Set.of("--bootstrap", "--model", "--card", "--instance", "--topic-prefix");

    private final List<String> facts = new ArrayList<>();

    StartLine fact(String name, String value) {
        facts.add(name + " " + value);
        return this;
    }

    StartLine topics(List<String> read, List<String> written) {
        return fact("topics", String.join(", ", read) + " -> " + String.join(", ", written));
    }

    /** What is kept under a group: offsets, and the names of transactions. */
    StartLine group(String prefix, String group) {
        return fact("group", prefix + group);
    }

    StartLine model(ModelOptions options, ModelGraph graph) {
        String digest = graph.digest().hex().substring(0, DIGEST_SHOWN);
        fact("model", graph.card().name() + " (" + options.origin() + ", sha-256 " + digest + ")");
        return fact("card", options.cardOrigin());
    }

    /** The line of the command {@code spec} after its arguments were read. */
    String text(CommandSpec spec) {
        List<String> set = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (!SHOWN.contains(option.longestName()) && !same(option.getValue(), option.initialValue())) {
                set.add(option.longestName() + (HIDDEN.contains(option.longestName()) ? "" : " " + shown(option)));
            }
        }
        String settings = set.isEmpty() ? "all as by default" : String.join(" ", set) + ", the others as by default";
        return spec.name() + ": " + String.join("; ", facts) + "; settings: " + settings;
    }

    private static boolean same(Object value, Object initial) {
        return String.valueOf(value).equals(String.valueOf(initial))
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static String shown(OptionSpec option) {
        Object value = option.getValue();
        if (value instanceof Optional<?> optional) {
            return optional.map(String::valueOf).orElse("none");
        }
        return value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value);
    }
}
