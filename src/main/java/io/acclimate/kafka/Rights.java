package io.acclimate.kafka;

import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
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

    /** The messages of a failure and its causes, followed by the right to grant when one is missing. */
    public String explain(Throwable failure) {
        StringJoiner text = new StringJoiner("; ");
        text.add(Causes.messages(failure));
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof TopicAuthorizationException denied) {
                new TreeSet<>(denied.unauthorizedTopics())
                        .forEach(topic -> text.add("grant " + needed(topic) + " on topic " + topic));
            } else if (each instanceof GroupAuthorizationException denied) {
                text.add("grant READ on group " + denied.groupId());
            } else if (each instanceof TransactionalIdAuthorizationException) {
                text.add("grant WRITE on the transactional id");
            }
        }
        return text.toString();
    }

    private String needed(String topic) {
        if (reads.contains(topic)) {
            return writes.contains(topic) ? "READ and WRITE" : "READ";
        }
        return writes.contains(topic) ? "WRITE" : "READ and WRITE";
    }
}
