package io.acclimate.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * What a role must be allowed to do. It tells which right is missing: Kafka's exceptions name the topic at most, and are the same
 * for a consumer and a producer. Any thread.
 *
 * @param reads the topics that the role reads
 * @param writes the topics that the role writes; a topic may be in both
 */
public record Rights(Set<String> reads, Set<String> writes) {
    public Rights {
        reads = Set.copyOf(reads);
        writes = Set.copyOf(writes);
    }

    /**
     * The messages of a failure and its causes, followed by the right to grant when one is missing.
     *
     * @param group the group of the role, with which the ids of its transactions and the names of topics of its own begin: Kafka's
     *     exceptions do not name these
     */
    public String explain(Throwable failure, String group) {
        StringJoiner text = new StringJoiner("; ");
        text.add(Causes.messages(failure));
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof TopicAuthorizationException denied) {
                new TreeSet<>(denied.unauthorizedTopics())
                        .forEach(topic -> text.add("grant " + needed(topic) + " on topic " + topic));
                if (denied.unauthorizedTopics().isEmpty()) {
                    // What is refused to be created is not named.
                    text.add("grant CREATE, READ, WRITE and DELETE on topics that begin with " + group + "-");
                }
            } else if (each instanceof GroupAuthorizationException denied) {
                text.add("grant READ on group " + denied.groupId());
            } else if (each instanceof TransactionalIdAuthorizationException) {
                text.add("grant WRITE on transactional ids that begin with " + group + "-");
            }
        }
        return text.toString();
    }

    /**
     * Asks the brokers what of these rights this user lacks, such as "WRITE on topic predictions". A role would notice some of it only
     * when its first record is to be written. Brokers without an authorizer, and older ones, let everybody do everything.
     *
     * @throws KafkaException when a topic does not exist, or no broker answers
     */
    public List<String> lacking(Admin admin) {
        Set<String> topics = new TreeSet<>(reads);
        topics.addAll(writes);
        List<String> lacking = new ArrayList<>();
        new TreeMap<>(admin.describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues())
                .forEach((name, answer) -> {
                    Predicate<AclOperation> allowed = allowed(answer);
                    if (reads.contains(name) && !allowed.test(AclOperation.READ)) {
                        lacking.add("READ on topic " + name);
                    }
                    if (writes.contains(name) && !allowed.test(AclOperation.WRITE)) {
                        lacking.add("WRITE on topic " + name);
                    }
                });
        return lacking;
    }

    private static Predicate<AclOperation> allowed(KafkaFuture<TopicDescription> answer) {
        try {
            TopicDescription topic = AdminCall.await(answer::get);
            return operation -> allows(topic, operation);
        } catch (KafkaException e) {
            if (e.getCause() instanceof TopicAuthorizationException) {
                return operation -> false;
            }
            throw e;
        }
    }

    /** Whether the user who asked for this description may do so, as far as the brokers can tell. */
    static boolean allows(TopicDescription topic, AclOperation operation) {
        Set<AclOperation> allowed = topic.authorizedOperations();
        return allowed == null || allowed.contains(operation) || allowed.contains(AclOperation.ALL);
    }

    private String needed(String topic) {
        if (reads.contains(topic)) {
            return writes.contains(topic) ? "READ and WRITE" : "READ";
        }
        return writes.contains(topic) ? "WRITE" : "READ and WRITE";
    }
}
