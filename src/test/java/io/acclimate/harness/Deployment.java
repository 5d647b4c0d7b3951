package io.acclimate.harness;

import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Kafka and the processes of the roles. Any thread. */
interface Deployment extends AutoCloseable {
    int IMAGE_PARTITIONS = 4;

    /** Starts Kafka, makes the topics, then starts the roles. */
    void start();

    /** The addresses of the brokers themselves, for load and checks. */
    String bootstrap();

    Topics topics();

    /** A worker that shares nothing with the roles but the brokers. */
    JavaProcess worker(Topics others, List<String> options) throws IOException;

    /** A role's process or a broker's. */
    JavaProcess process(String name);

    /** What {@code name} answers to {@code GET /health/...}, as a status code; 0 when nobody answers. */
    Health health(String name);

    /** Of the roles, as {@code serve-a}. */
    Set<String> names();

    @Override
    void close() throws IOException;

    /** Makes the topics. */
    default void createTopics(Optional<Short> replication) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            TopicCreator.ensure(
                    admin,
                    topics(),
                    new TopicPlan(IMAGE_PARTITIONS, TopicPlan.DEFAULT.domainPartitions(), replication));
        }
    }
}
