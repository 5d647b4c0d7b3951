package io.acclimate.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/** How many bytes the brokers hold of topics, all replicas together. Stateless; any thread. */
public final class TopicSizes {
    private TopicSizes() {}

    /**
     * Asks every broker, which needs the right to describe the cluster.
     *
     * @param which says which topics are of interest
     */
    public static SortedMap<String, Long> of(Admin admin, Predicate<String> which) {
        List<Integer> brokers = AdminCall.await(
                        () -> admin.describeCluster().nodes().get())
                .stream()
                .map(Node::id)
                .toList();
        return sum(
                AdminCall.await(() ->
                                admin.describeLogDirs(brokers).allDescriptions().get())
                        .values(),
                which);
    }

    static SortedMap<String, Long> sum(Collection<Map<String, LogDirDescription>> brokers, Predicate<String> which) {
        SortedMap<String, Long> bytes = new TreeMap<>();
        brokers.forEach(folders -> folders.values()
                .forEach(folder -> folder.replicaInfos().forEach((partition, replica) -> {
                    if (which.test(partition.topic())) {
                        bytes.merge(partition.topic(), replica.size(), Long::sum);
                    }
                })));
        return bytes;
    }
}
