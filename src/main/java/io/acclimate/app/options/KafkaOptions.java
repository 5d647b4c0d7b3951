package io.acclimate.app.options;

import io.acclimate.wire.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** How a command reaches Kafka. Every property of a client can be set. */
public final class KafkaOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (default: ${DEFAULT-VALUE}).")
    String bootstrap = "localhost:9092";

    @Option(names = "--topic-prefix", description = "Is put before the name of every topic (default: none).")
    public String topicPrefix = "";

    @Option(
            names = {"-K", "--kafka"},
            paramLabel = "NAME=VALUE",
            description = "A property of every Kafka client, such as -K security.protocol=SSL. May be repeated.")
    Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "A file with properties of every Kafka client.")
    Optional<Path> file = Optional.empty();

    private final Map<String, String> configured = new LinkedHashMap<>();

    /** Takes properties from the environment and the configuration file, which {@code -K} overrides one by one. */
    public void configure(Map<String, String> more) {
        configured.putAll(more);
    }

    /** The properties of every client. Where two name the same, --bootstrap beats -K, then the configuration, then the file. */
    public Map<String, Object> clientProperties() throws IOException {
        Map<String, Object> all = new HashMap<>();
        if (file.isPresent()) {
            Properties loaded = new Properties();
            try (Reader reader = Files.newBufferedReader(file.get())) {
                loaded.load(reader);
            }
            loaded.stringPropertyNames().forEach(name -> all.put(name, loaded.getProperty(name)));
        }
        all.putAll(configured);
        all.putAll(properties);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }

    public Topics topics() {
        return new Topics(topicPrefix);
    }
}
