package io.acclimate.app.options;

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

/** Properties of Kafka clients that are passed through. Every property of a client can be set. */
@Heading("Kafka")
public class ClientOptions {
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

    /**
     * The properties of every client. Where two name the same, {@code -K} beats the configuration, and that the file.
     *
     * @param bootstrap the brokers' addresses, which nothing overrides
     */
    public Map<String, Object> clientProperties(String bootstrap) throws IOException {
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
}
