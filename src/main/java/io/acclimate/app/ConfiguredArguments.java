package io.acclimate.app;

import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Lets every option be set by flag, environment or YAML, in this order of precedence. {@code --http-port} is
 * {@code ACCLIMATE_HTTP_PORT} and {@code http-port: 8080}; the file is named by {@code --config FILE} or {@code ACCLIMATE_CONFIG}.
 *
 * <p>Values become arguments before the parser sees them, so that an unknown key meets the same check as an unknown flag and
 * the answer names every bad key and the closest good one. A {@code kafka} section passes client properties through.
 */
final class ConfiguredArguments {
    private static final String ENVIRONMENT_PREFIX = "ACCLIMATE_";
    private static final String KAFKA_PREFIX = "kafka.";
    /** Secrets stay out of the arguments, where {@code ps} and messages would show them. */
    private static final Set<String> NOT_OPTIONS = Set.of(
            ENVIRONMENT_PREFIX + "CONFIG",
            ENVIRONMENT_PREFIX + "STACKTRACE",
            HttpOptions.TOKEN_VARIABLE,
            SchemaRegistryOptions.CREDENTIALS_VARIABLE,
            HttpOptions.TLS_PASSWORD_VARIABLE);

    private ConfiguredArguments() {}

    static String[] expand(CommandLine root, String[] arguments, Map<String, String> environment) {
        if (arguments.length == 0 || !root.getSubcommands().containsKey(arguments[0])) {
            return arguments;
        }
        CommandLine command = root.getSubcommands().get(arguments[0]);
        int path = 1;
        while (path < arguments.length && command.getSubcommands().containsKey(arguments[path])) {
            command = command.getSubcommands().get(arguments[path]);
            path++;
        }
        Map<String, String> values = new TreeMap<>();
        file(command, arguments, environment).forEach(values::put);
        fromEnvironment(root, command, environment).forEach(values::put);

        Set<String> given = new TreeSet<>();
        for (String argument : arguments) {
            given.add(argument.split("=", 2)[0]);
        }
        List<String> all = new ArrayList<>(List.of(arguments).subList(0, path));
        values.forEach((key, value) -> {
            if (key.startsWith(KAFKA_PREFIX)) {
                // The YAML source quotes a key with dots in it.
                all.add("--kafka=" + key.substring(KAFKA_PREFIX.length()).replace("\"", "") + "=" + value);
            } else if (!given.contains("--" + key)) {
                all.add("--" + key + "=" + value);
            }
        });
        all.addAll(List.of(arguments).subList(path, arguments.length));
        return all.toArray(String[]::new);
    }

    private static Map<String, String> file(CommandLine command, String[] arguments, Map<String, String> environment) {
        String name = environment.getOrDefault(ENVIRONMENT_PREFIX + "CONFIG", "");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--config=")) {
                name = arguments[i].substring("--config=".length());
            } else if (arguments[i].equals("--config") && i + 1 < arguments.length) {
                name = arguments[i + 1];
            }
        }
        if (name.isEmpty()) {
            return Map.of();
        }
        try {
            return new YamlConfigSource(name, Files.readString(Path.of(name))).getProperties();
        } catch (IOException | RuntimeException e) {
            throw new ParameterException(
                    command, "configuration file '" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> fromEnvironment(
            CommandLine root, CommandLine command, Map<String, String> environment) {
        Set<String> own = names(command);
        Set<String> all = new TreeSet<>();
        root.getSubcommands().values().forEach(each -> {
            all.addAll(names(each));
            each.getSubcommands().values().forEach(nested -> all.addAll(names(nested)));
        });
        Map<String, String> values = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (!name.startsWith(ENVIRONMENT_PREFIX) || NOT_OPTIONS.contains(name)) {
                return;
            }
            String key = name.substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            // One environment may serve several commands: a key of another command is not this one's business.
            if (own.contains("--" + key) || !all.contains("--" + key)) {
                values.put(key, value);
            }
        });
        return values;
    }

    private static Set<String> names(CommandLine command) {
        Set<String> names = new TreeSet<>();
        for (ArgSpec argument : command.getCommandSpec().args()) {
            if (argument instanceof OptionSpec option) {
                names.addAll(List.of(option.names()));
            }
        }
        return names;
    }
}
