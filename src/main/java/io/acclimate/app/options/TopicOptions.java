package io.acclimate.app.options;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Option;

/** How topics are made when they are missing. */
public final class TopicOptions {
    @Option(
            names = "--image-partitions",
            description = "Partitions of images, predictions and labels when created (default: ${DEFAULT-VALUE}).",
            defaultValue = "4")
    int imagePartitions = 4;

    @Option(
            names = "--domain-partitions",
            description = "Partitions of mini-batches and model topics when created (default: ${DEFAULT-VALUE}).",
            defaultValue = "4")
    int domainPartitions = 4;

    @Option(names = "--replication", description = "Replication factor of created topics (default: the broker's).")
    Optional<Short> replication = Optional.empty();

    /** Creates what is missing and checks what is there. */
    public void ensure(Map<String, Object> client, Topics topics) {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            TopicCreator.ensure(admin, topics, new TopicPlan(imagePartitions, domainPartitions, replication));
        }
    }
}
