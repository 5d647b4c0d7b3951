package io.acclimate.wire;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what the former owner of partitions left open when it died: until then nobody may read its offsets or past its records,
 * which would be for its transaction timeout and up to ten seconds of the broker's. Only the group's one owner of a partition
 * may ask, and a former owner that still lives is fenced, as it should be.
 */
public final class OpenTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(OpenTransactions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private OpenTransactions() {}

    /**
     * Fences every producer but {@code own} whose transactional id starts with {@code prefix} and whose open transaction has
     * written to one of {@code partitions}. Where the broker does not allow it, the transaction's timeout decides as before.
     */
    public static void fence(
            Map<String, Object> client, String prefix, String own, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        try (Admin admin = Admin.create(client)) {
            Set<String> stale = stale(admin, prefix, own, Set.copyOf(partitions));
            if (!stale.isEmpty()) {
                LOG.info("ending what {} left open on {}", stale, partitions);
                admin.fenceProducers(stale).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("open transactions of former owners are left to time out: {}", e.toString());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static Set<String> stale(Admin admin, String prefix, String own, Set<TopicPartition> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> others = admin
                .listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(prefix) && !id.equals(own))
                .toList();
        Map<String, TransactionDescription> open = others.isEmpty()
                ? Map.of()
                : admin.describeTransactions(others).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return open.entrySet().stream()
                .filter(each -> each.getValue().state() == TransactionState.ONGOING)
                .filter(each -> each.getValue().topicPartitions().stream().anyMatch(partitions::contains))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
