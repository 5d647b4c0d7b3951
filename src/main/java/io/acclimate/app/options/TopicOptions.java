package io.acclimate.app.options;

import io.acclimate.kafka.ClientProperties;
import io.acclimate.kafka.Rights;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.util.List;
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

    /**
     * Does the same for a role, and returns what its user lacks of the rights that it needs.
     *
     * @param rights what the role reads and writes
     */
    public List<String> ensure(Map<String, Object> client, Topics topics, Rights rights) {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            ensure(admin, topics);
            return rights.lacking(admin);
        }
    }

    /** Creates the topics that are missing and checks the others. */
    public void ensure(Map<String, Object> client, Topics topics) {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            ensure(admin, topics);
        }
    }

    private void ensure(Admin admin, Topics topics) {
        TopicCreator.ensure(admin, topics, new TopicPlan(imagePartitions, domainPartitions, replication));
    }
}
