package io.acclimate.app.options;

import io.acclimate.kafka.BrokerProbe;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** How a command reaches Kafka. */
@Heading("Kafka")
public final class KafkaOptions extends ClientOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka's bootstrap servers (default: ${DEFAULT-VALUE}).")
    String bootstrap = "localhost:9092";

    @Option(names = "--topic-prefix", description = "Is put before the name of every topic (default: none).")
    public String topicPrefix = "";

    /** The properties of every client. Where two name the same, --bootstrap beats -K, then the configuration, then the file. */
    public Map<String, Object> clientProperties() throws IOException {
        return clientProperties(bootstrap);
    }

    /**
     * The properties of every client, for a command for which a person waits.
     *
     * @throws KafkaException when no client can work with the brokers, after some seconds, with the reason
     */
    public Map<String, Object> reachableClientProperties() throws IOException {
        Map<String, Object> properties = clientProperties();
        Optional<String> problem = BrokerProbe.problem(properties);
        if (problem.isPresent()) {
            throw new KafkaException("cannot work with Kafka: " + problem.get());
        }
        return properties;
    }

    public Topics topics() {
        return new Topics(topicPrefix);
    }
}
