package io.acclimate.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that a former owner of partitions left open when it died. Until they are ended, nobody can read the offsets
 * in them or the records after them; without this class that takes the transaction timeout and up to ten seconds more. Only the
 * member that owns a partition now may call it. A former owner that is still alive is fenced, which is intended.
 *
 * <p>A producer counts as a former owner when its transactional id starts with the group's name and a hyphen, its transaction is
 * open, and either it has written to the partitions taken over, or its consumer is no longer in such a group. The second condition
 * finds an owner that died with only offsets in its transaction: they name the group's partition of {@code __consumer_offsets} and
 * not the partitions that the offsets are of.
 */
public final class OpenTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTransactions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Object> client;
    private final String group;
    private final UnaryOperator<String> consumer;

    /**
     * @param client properties of the admin client
     * @param group the group that owns the partitions; names of other groups may start with its name and a hyphen
     * @param consumer gives the client id of the consumer that belongs to a producer's transactional id
     */
    public OpenTransactions(Map<String, Object> client, String group, UnaryOperator<String> consumer) {
        this.client = Map.copyOf(client);
        this.group = group;
        this.consumer = consumer;
    }

    /**
     * Fences every former owner. Where the broker does not allow it, the transactions end by their timeout.
     *
     * @param own the caller's transactional id, which is not fenced
     * @param partitions the partitions taken over, of the topic that is written to
     */
    public void end(String own, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        try (Admin admin = ClientProperties.of(client).openAdmin()) {
            Set<String> left = left(admin, own, Set.copyOf(partitions));
            if (!left.isEmpty()) {
                LOG.info("ending the open transactions of {}, whose partitions {} are taken over", left, partitions);
                answer(admin.fenceProducers(left).all());
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("open transactions of former owners will end by their timeout: {}", e.toString());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Set<String> left(Admin admin, String own, Set<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> others = answer(admin.listTransactions(
                                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(group + "-") && !id.equals(own))
                .toList();
        if (others.isEmpty()) {
            return Set.of();
        }
        Map<String, TransactionDescription> open =
                answer(admin.describeTransactions(others).all());
        return left(open, members(admin), partitions);
    }

    /**
     * The transactional ids of former owners among those of open transactions.
     *
     * @param members client ids of living consumers
     */
    Set<String> left(Map<String, TransactionDescription> open, Set<String> members, Set<TopicPartition> partitions) {
        return open.entrySet().stream()
                .filter(each -> each.getValue().state() == TransactionState.ONGOING)
                .filter(each -> !members.contains(consumer.apply(each.getKey()))
                        || each.getValue().topicPartitions().stream().anyMatch(partitions::contains))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Client ids of the members of this group, and of groups whose transactional ids start with the same name. */
    private Set<String> members(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        List<String> groups = answer(
                        admin.listGroups(ListGroupsOptions.forConsumerGroups()).all())
                .stream()
                .map(GroupListing::groupId)
                .filter(id -> id.equals(group) || id.startsWith(group + "-"))
                .toList();
        return answer(admin.describeConsumerGroups(groups).all()).values().stream()
                .flatMap(each -> each.members().stream())
                .map(MemberDescription::clientId)
                .collect(Collectors.toSet());
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
