package io.acclimate.kafka;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.server.common.MetadataVersion;

/** The brokers of a cluster in a few words: how many, and of which version. Stateless. */
public final class BrokersText {
    private static final String LEVEL = "metadata.version";

    private BrokersText() {}

    /** Asks the brokers of these client properties. */
    public static String of(Map<String, Object> client) {
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            int brokers =
                    AdminCall.await(() -> admin.describeCluster().nodes().get()).size();
            return brokers + (brokers == 1 ? " broker" : " brokers") + " of Kafka " + version(admin);
        }
    }

    /** Brokers do not tell their version, but the level that all of them have reached. */
    private static String version(Admin admin) {
        try {
            FinalizedVersionRange level = AdminCall.await(
                            () -> admin.describeFeatures().featureMetadata().get())
                    .finalizedFeatures()
                    .get(LEVEL);
            return level == null
                    ? "before 3.3"
                    : MetadataVersion.fromFeatureLevel(level.maxVersionLevel()).shortVersion() + " or newer";
        } catch (KafkaException e) {
            return "before 2.7";
        } catch (IllegalArgumentException e) {
            return "newer than that of the clients";
        }
    }
}
