package io.acclimate.harness;

import io.acclimate.broker.FreePort;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;

/**
 * Three brokers that are the controllers as well, each topic with three replicas of which two must take a record, and the processes of
 * the roles. Any thread.
 */
final class Quorum implements Deployment {
    static final List<String> BROKERS = List.of("broker-1", "broker-2", "broker-3");

    private static final short REPLICAS = 3;
    private static final String IN_SYNC = "2";
    private static final int HEAP_MEGABYTES = 384;
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration TICK = Duration.ofMillis(100);
    /** Kafka's own, beside the topics of the service. */
    private static final List<String> INTERNAL = List.of("__consumer_offsets", "__transaction_state");

    private final RoleProcesses processes;
    private final List<Integer> ports;
    private final Map<String, JavaProcess> brokers = new LinkedHashMap<>();
    private final Map<String, JavaProcess> roles = new LinkedHashMap<>();
    private final Map<String, Integer> http = new LinkedHashMap<>();

    /** @param names ROLE-INSTANCE, as in {@code serve-a} */
    Quorum(Path folder, Topics topics, List<String> names, Map<String, List<String>> options) throws IOException {
        processes = new RoleProcesses(Files.createDirectories(folder), topics, options);
        ports = BROKERS.stream().map(each -> FreePort.take()).toList();
        List<Integer> controllers =
                BROKERS.stream().map(each -> FreePort.take()).toList();
        String voters = IntStream.range(0, BROKERS.size())
                .mapToObj(i -> (i + 1) + "@localhost:" + controllers.get(i))
                .collect(Collectors.joining(","));
        String cluster = Uuid.randomUuid().toString();
        for (int i = 0; i < BROKERS.size(); i++) {
            String name = BROKERS.get(i);
            Map<String, String> properties = properties(ports.get(i), controllers.get(i));
            properties.put("node.id", Integer.toString(i + 1));
            properties.put("log.dirs", folder.resolve(name).toString());
            properties.put("controller.quorum.voters", voters);
            List<String> arguments = new ArrayList<>(List.of(cluster));
            properties.forEach((key, value) -> arguments.add(key + "=" + value));
            brokers.put(name, new JavaProcess(name, folder, HEAP_MEGABYTES, QuorumNode.class.getName(), arguments));
        }
        for (String name : names) {
            int answers = FreePort.take();
            http.put(name, answers);
            roles.put(name, processes.role(name, name, bootstrap(), answers));
        }
    }

    private static Map<String, String> properties(int port, int controller) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controller);
        properties.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("default.replication.factor", Short.toString(REPLICAS));
        properties.put("min.insync.replicas", IN_SYNC);
        properties.put("offsets.topic.replication.factor", Short.toString(REPLICAS));
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.replication.factor", Short.toString(REPLICAS));
        properties.put("transaction.state.log.min.isr", IN_SYNC);
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("auto.create.topics.enable", "false");
        properties.put("group.initial.rebalance.delay.ms", "0");
        return properties;
    }

    @Override
    public void start() {
        brokers.values().forEach(JavaProcess::start);
        createTopics(Optional.of(REPLICAS));
        roles.values().forEach(JavaProcess::start);
    }

    /** Waits while one partition after the other has a leader and all of its replicas. */
    void awaitInSync() {
        Patience patience = new Patience(LIMIT);
        Set<String> lagging = lagging();
        while (!lagging.isEmpty()) {
            if (!patience.lasts(lagging.size())) {
                throw new IllegalStateException("not in sync, and no other was within " + LIMIT + ": " + lagging);
            }
            LockSupport.parkNanos(TICK.toNanos());
            lagging = lagging();
        }
    }

    private Set<String> lagging() {
        List<String> names = new ArrayList<>(INTERNAL);
        topics().all().forEach(names::add);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .filter(Quorum::lags)
                            .map(each -> topic.name() + "-" + each.partition()))
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            return Set.of(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private static boolean lags(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.isr().size() < REPLICAS;
    }

    @Override
    public String bootstrap() {
        return ports.stream().map(each -> "localhost:" + each).collect(Collectors.joining(","));
    }

    @Override
    public Topics topics() {
        return processes.topics();
    }

    @Override
    public JavaProcess worker(Topics others, List<String> options) throws IOException {
        return processes.undisturbed(bootstrap(), others, options);
    }

    @Override
    public JavaProcess process(String name) {
        JavaProcess found = brokers.containsKey(name) ? brokers.get(name) : roles.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return found;
    }

    @Override
    public Health health(String name) {
        return new Health(http.getOrDefault(name, 0));
    }

    @Override
    public Set<String> names() {
        return roles.keySet();
    }

    @Override
    public void close() {
        roles.values().forEach(JavaProcess::close);
        brokers.values().forEach(JavaProcess::close);
    }
}
