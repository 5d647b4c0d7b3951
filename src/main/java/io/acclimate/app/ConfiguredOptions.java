package io.acclimate.app;

import io.acclimate.app.options.ClientOptions;
import io.acclimate.app.options.HttpOptions;
import io.acclimate.app.options.SchemaRegistryOptions;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The values that the environment and a YAML file give to the options of one command. A flag is stronger than the environment, the
 * environment than the file, and the file than the default of the settings record. {@code --http-port} is
 * {@code ACCLIMATE_HTTP_PORT} and {@code http-port: 8080}; the file is named by {@code --config FILE} or {@code ACCLIMATE_CONFIG}. A
 * {@code kafka} section passes properties to every Kafka client.
 *
 * <p>The parser asks for a value where no flag gives one. It would stop at the first bad value and knows nothing of unknown keys, so
 * {@link BadArguments} checks both before.
 */
final class ConfiguredOptions implements IDefaultValueProvider {
    private static final String ENVIRONMENT_PREFIX = "ACCLIMATE_";
    private static final String KAFKA = "kafka";
    /** Variables that are not options. Secrets among them stay out of the arguments, where {@code ps} would show them. */
    private static final Set<String> NOT_OPTIONS = Set.of(
            ENVIRONMENT_PREFIX + "CONFIG",
            ENVIRONMENT_PREFIX + "STACKTRACE",
            HttpOptions.TOKEN_VARIABLE,
            SchemaRegistryOptions.CREDENTIALS_VARIABLE,
            HttpOptions.TLS_PASSWORD_VARIABLE);

    /**
     * One configured value.
     *
     * @param key the option's long name without dashes, or what was written instead
     * @param source the variable or the file that gives it
     */
    record Value(String key, String text, String source) {
        String option() {
            return "--" + key;
        }
    }

    private final Map<String, Value> values = new TreeMap<>();
    private final Map<String, String> kafka = new TreeMap<>();
    private final List<Value> unknown = new ArrayList<>();
    private final List<String> path = new ArrayList<>();

    private ConfiguredOptions() {}

    /**
     * Reads what is configured for the command that {@code parsed} names.
     *
     * @param root the command line that {@code parsed} came from
     * @throws ParameterException when the file cannot be read
     */
    static ConfiguredOptions read(CommandLine root, ParseResult parsed, Map<String, String> environment) {
        ConfiguredOptions configured = new ConfiguredOptions();
        ParseResult command = parsed;
        while (command.hasSubcommand()) {
            command = command.subcommand();
            configured.path.add(command.commandSpec().name());
        }
        if (!configured.path.isEmpty()) {
            Set<String> own = names(command.commandSpec());
            configured.file(command, environment).forEach(value -> configured.add(value, own));
            fromEnvironment(root, own, environment).forEach(value -> configured.add(value, own));
            command.matchedOptions().forEach(option -> configured.values.remove(key(option)));
        }
        return configured;
    }

    private void add(Value value, Set<String> own) {
        boolean property = value.key().startsWith(KAFKA + ".");
        if (!own.contains(property ? KAFKA : value.key())) {
            unknown.add(value);
        } else if (property) {
            kafka.put(value.key().substring(KAFKA.length() + 1), value.text());
        } else if (value.key().equals(KAFKA)) {
            String[] nameAndValue = value.text().split("=", 2);
            kafka.put(nameAndValue[0], nameAndValue.length == 1 ? "" : nameAndValue[1]);
        } else {
            values.put(value.key(), value);
        }
    }

    private List<Value> file(ParseResult command, Map<String, String> environment) {
        String name = environment.getOrDefault(ENVIRONMENT_PREFIX + "CONFIG", "");
        OptionSpec flag = command.matchedOption("config");
        if (flag != null && !flag.stringValues().isEmpty()) {
            name = flag.stringValues().get(0);
        }
        if (name.isEmpty()) {
            return List.of();
        }
        List<Value> found = new ArrayList<>();
        try {
            // The YAML source puts quotation marks round a key with dots in it.
            for (Map.Entry<String, String> each : new YamlConfigSource(name, Files.readString(Path.of(name)))
                    .getProperties()
                    .entrySet()) {
                found.add(new Value(each.getKey().replace("\"", ""), each.getValue(), name));
            }
        } catch (IOException | RuntimeException e) {
            throw new ParameterException(
                    command.commandSpec().commandLine(),
                    "configuration file '" + name + "' cannot be read: " + e.getMessage(),
                    e);
        }
        return found;
    }

    private static List<Value> fromEnvironment(CommandLine root, Set<String> own, Map<String, String> environment) {
        Set<String> all = new TreeSet<>();
        collect(root, all);
        List<Value> found = new ArrayList<>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(ENVIRONMENT_PREFIX) || NOT_OPTIONS.contains(name)) {
                return;
            }
            String key = name.substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace('_', '-');
            // One environment may serve several commands: a key of another command is no mistake.
            if (own.contains(key) || !all.contains(key)) {
                found.add(new Value(key, text, name));
            }
        });
        return found;
    }

    private static void collect(CommandLine line, Set<String> into) {
        into.addAll(names(line.getCommandSpec()));
        line.getSubcommands().values().forEach(each -> collect(each, into));
    }

    /** The keys of a command: its options but those that only ask for help. */
    private static Set<String> names(CommandSpec command) {
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : command.options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                names.add(key(option));
            }
        }
        return names;
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** The names from the root's subcommand to the command that is configured. */
    List<String> path() {
        return path;
    }

    Collection<Value> values() {
        return values.values();
    }

    /** Keys that the command does not have. */
    List<Value> unknown() {
        return unknown;
    }

    /** Everything that was given, as NAME=VALUE, to find the secrets among it. */
    List<String> assignments() {
        List<String> all = new ArrayList<>();
        unknown.forEach(each -> all.add(each.key() + "=" + each.text()));
        values.values().forEach(each -> all.add(each.key() + "=" + each.text()));
        kafka.forEach((name, text) -> all.add(name + "=" + text));
        return all;
    }

    /** The command in {@code root} that is configured. */
    CommandLine commandOf(CommandLine root) {
        CommandLine command = root;
        for (String name : path) {
            command = Objects.requireNonNull(command.getSubcommands().get(name), name);
        }
        return command;
    }

    /** Makes the command in {@code root} ask this for the options that no flag gives. */
    void applyTo(CommandLine root) {
        CommandLine command = commandOf(root);
        command.setDefaultValueProvider(this);
        for (CommandSpec mixin : command.getCommandSpec().mixins().values()) {
            if (mixin.userObject() instanceof ClientOptions options) {
                options.configure(kafka);
            }
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) throws Exception {
        if (argument instanceof OptionSpec option) {
            Value value = values.get(key(option));
            if (value != null) {
                return value.text();
            }
        }
        return new PlainDefaults().defaultValue(argument);
    }
}
