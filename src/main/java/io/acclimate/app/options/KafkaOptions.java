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

/** How a command reaches Kafka: every client property can be passed through. */
public final class KafkaOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (default: ${DEFAULT-VALUE}).",
            defaultValue = "localhost:9092")
    String bootstrap = "localhost:9092";

    @Option(names = "--topic-prefix", description = "Put before every topic name (default: none).", defaultValue = "")
    public String topicPrefix = "";

    @Option(
            names = {"-K", "--kafka"},
            paramLabel = "NAME=VALUE",
            description = "A property of every Kafka client, as in -K security.protocol=SSL. May be repeated.")
    Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--command-config", paramLabel = "FILE", description = "A properties file for every Kafka client.")
    Optional<Path> file = Optional.empty();

    /** The properties of any client: the file first, -K over it, --bootstrap over both. */
    public Map<String, Object> clientProperties() throws IOException {
        Map<String, Object> all = new HashMap<>();
        if (file.isPresent()) {
            Properties loaded = new Properties();
            try (Reader reader = Files.newBufferedReader(file.get())) {
                loaded.load(reader);
            }
            loaded.stringPropertyNames().forEach(name -> all.put(name, loaded.getProperty(name)));
        }
        all.putAll(properties);
        all.put("bootstrap.servers", bootstrap);
        return all;
    }

    public Topics topics() {
        return new Topics(topicPrefix);
    }
}
