package io.acclimate.app.options;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Option;

/** How missing topics are created. */
@Heading("Topics that are created")
public final class TopicOptions {
    @Option(
            names = "--image-partitions",
            description = "Partitions of the topics of images, predictions and labels, when they are created"
                    + " (default: ${DEFAULT-VALUE}).")
    int imagePartitions = TopicPlan.DEFAULT.imagePartitions();

    @Option(
            names = "--domain-partitions",
            description = "Partitions of the topics of mini-batches and models, when they are created"
                    + " (default: ${DEFAULT-VALUE}).")
    int domainPartitions = TopicPlan.DEFAULT.domainPartitions();

    @Option(
            names = "--replication",
            description = "The replication factor of topics that are created (default: the broker's).")
    Optional<Short> replication = TopicPlan.DEFAULT.replication();

    /** Creates the topics that are missing and checks the others. */
    public void ensure(Map<String, Object> client, Topics topics) {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            TopicCreator.ensure(admin, topics, new TopicPlan(imagePartitions, domainPartitions, replication));
        }
    }
}
