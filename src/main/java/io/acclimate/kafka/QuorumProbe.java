package io.acclimate.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Asks Kafka whether its controllers have a leader. Without one no partition gets a new leader and no replica leaves the in-sync ones,
 * while brokers that are left still answer readers and heartbeats: a role that has nothing to commit would not notice. One thread.
 */
public final class QuorumProbe implements AutoCloseable {
    private final Admin admin;
    private final Duration patience;
    /** False once Kafka has refused to say it to this user, or cannot. */
    private boolean answered = true;

    /**
     * Opens the probe, which waits for no broker.
     *
     * @param client properties of any client
     * @param patience how long to wait for an answer
     */
    public static QuorumProbe open(Map<String, Object> client, Duration patience) {
        Admin admin = ClientProperties.of(client)
                .force(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis())
                .force(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis())
                .openAdmin();
        return new QuorumProbe(admin, patience);
    }

    QuorumProbe(Admin admin, Duration patience) {
        this.admin = admin;
        this.patience = patience;
    }

    /** What is missing, in words; empty when there is a leader, and when Kafka does not say it to this user. */
    public Optional<String> problem() {
        if (!answered) {
            return Optional.empty();
        }
        try {
            AdminCall.await(() -> admin.describeMetadataQuorum().quorumInfo().get());
            return Optional.empty();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (e.getCause() instanceof RetriableException) {
                return Optional.of("a quorum of Kafka's controllers, which named no leader within "
                        + patience.toSeconds() + " s: are enough of the brokers up?");
            }
            // A user without DESCRIBE on the cluster, or a service that has controllers of another kind.
            answered = !(e.getCause() instanceof AuthorizationException
                    || e.getCause() instanceof UnsupportedVersionException);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
