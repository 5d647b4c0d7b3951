package io.acclimate.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Opens every Kafka client of every role, and says which of its properties are a user's to choose. A property is, from the weakest
 * to the strongest:
 *
 * <ol>
 *   <li>a role's preference ({@link #prefer}), which the user may override;
 *   <li>the user's, which is passed through;
 *   <li>forced by this class, because a guarantee of every role depends on it: no consumer creates topics, sees undecided
 *       transactions, or commits on its own; every producer is idempotent and waits for all in-sync replicas;
 *   <li>forced by the role ({@link #force}): its names, and what its own guarantee depends on.
 * </ol>
 *
 * <p>Values and keys are bytes. One thread; what is opened belongs to the caller.
 */
public final class ClientProperties {
    private final Map<String, Object> preferred = new HashMap<>();
    private final Map<String, Object> given;
    private final Map<String, Object> forced = new HashMap<>();

    private ClientProperties(Map<String, Object> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * Begins with what a user says.
     *
     * @param given properties of any client: those that are for another kind of client are left out
     */
    public static ClientProperties of(Map<String, Object> given) {
        return new ClientProperties(given);
    }

    /** Sets a property that the user may override. */
    public ClientProperties prefer(String name, Object value) {
        preferred.put(name, value);
        return this;
    }

    /** Sets a property that nobody may override. */
    public ClientProperties force(String name, Object value) {
        forced.put(name, value);
        return this;
    }

    /** Names the client, in the broker's logs and in meters. */
    public ClientProperties named(String clientId) {
        return force(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    }

    /**
     * For a reader of single pieces that are there already. A consumer has asked for what is behind a piece before it returns it; on a quiet
     * topic the broker holds that fetch for half a second by default, and the next piece can only be asked for when it is answered.
     */
    public ClientProperties forSinglePieces() {
        return force(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    }

    /** Opens a consumer for a reader that chooses its own places and is in no group. */
    public KafkaConsumer<byte[], byte[]> openReader() {
        return consumer(reader());
    }

    /**
     * Opens a consumer that chooses its own partitions, and knows the offsets that a group has committed.
     *
     * @param group in which it takes no part otherwise
     */
    public KafkaConsumer<byte[], byte[]> openReader(String group) {
        return consumer(reader(group));
    }

    /** Opens a consumer that takes part in a group. */
    public KafkaConsumer<byte[], byte[]> openMember(String group, GroupMembership membership) {
        return consumer(member(group, membership));
    }

    /** Opens a producer without transactions. */
    public KafkaProducer<byte[], byte[]> openProducer() {
        return producer(producer());
    }

    /** Opens a producer whose transactions go by {@code id}. The caller calls {@code initTransactions}. */
    public KafkaProducer<byte[], byte[]> openTransactional(String id) {
        return producer(transactional(id));
    }

    public Admin openAdmin() {
        return Admin.create(admin());
    }

    Map<String, Object> reader() {
        Map<String, Object> properties = base();
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return reading(properties);
    }

    Map<String, Object> reader(String group) {
        Map<String, Object> properties = base();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return reading(properties);
    }

    Map<String, Object> member(String group, GroupMembership membership) {
        Map<String, Object> properties = base();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consuming(properties);
        membership.apply(properties);
        return properties;
    }

    Map<String, Object> producer() {
        Map<String, Object> properties = base();
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putAll(forced);
        return properties;
    }

    Map<String, Object> transactional(String id) {
        Map<String, Object> properties = producer();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        return properties;
    }

    Map<String, Object> admin() {
        Map<String, Object> properties = base();
        properties.putAll(forced);
        return properties;
    }

    private Map<String, Object> base() {
        Map<String, Object> properties = new HashMap<>(preferred);
        properties.putAll(given);
        return properties;
    }

    private Map<String, Object> reading(Map<String, Object> properties) {
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return consuming(properties);
    }

    private Map<String, Object> consuming(Map<String, Object> properties) {
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.putAll(forced);
        return properties;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
