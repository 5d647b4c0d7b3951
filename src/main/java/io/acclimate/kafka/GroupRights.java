package io.acclimate.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * What a user lacks to work under the name of a group: to join it, and to write in transactions whose ids begin with it. Groups and ids need
 * not exist. A new cluster makes its internal topics of groups and transactions when it is first asked about one, as it does for any client.
 * Stateless.
 */
final class GroupRights {
    /** A cluster whose coordinators do not answer is asked for no longer: somebody waits for the rest. */
    private static final int PATIENCE_MILLIS = 5_000;

    private GroupRights() {}

    /** What is lacking, such as "READ on group acclimate-serve". What the brokers do not tell is allowed. */
    static List<String> lacking(Admin admin, Collection<String> groups) {
        var described = admin.describeConsumerGroups(
                        groups,
                        new DescribeConsumerGroupsOptions()
                                .includeAuthorizedOperations(true)
                                .timeoutMs(PATIENCE_MILLIS))
                .describedGroups();
        var transactions = admin.describeTransactions(
                groups.stream().map(GroupRights::id).toList(),
                new DescribeTransactionsOptions().timeoutMs(PATIENCE_MILLIS));
        List<String> lacking = new ArrayList<>();
        for (String group : groups) {
            if (!mayRead(Objects.requireNonNull(described.get(group)))) {
                lacking.add("READ on group " + group);
            }
            if (refused(transactions.description(id(group)), TransactionalIdAuthorizationException.class)) {
                lacking.add("WRITE on transactional ids that begin with " + group + "-");
            }
        }
        return lacking;
    }

    /** The ids of all roles begin so, and their other parts differ between processes. */
    private static String id(String group) {
        return group + "-0";
    }

    private static boolean mayRead(KafkaFuture<ConsumerGroupDescription> answer) {
        if (refused(answer, GroupAuthorizationException.class)) {
            return false;
        }
        if (answer.isCompletedExceptionally()) {
            return true;
        }
        Set<AclOperation> allowed = AdminCall.await(answer::get).authorizedOperations();
        return allowed == null || allowed.contains(AclOperation.READ) || allowed.contains(AclOperation.ALL);
    }

    /** Other failures tell nothing of rights: what does not exist yet, a coordinator that does not answer, an older broker. */
    private static boolean refused(KafkaFuture<?> answer, Class<? extends KafkaException> refusal) {
        try {
            AdminCall.await(answer::get);
            return false;
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            return refusal.isInstance(e.getCause());
        }
    }
}
