package io.acclimate.harness;

import io.acclimate.broker.FreePort;
import io.acclimate.kafka.TopicCreator;
import io.acclimate.kafka.TopicPlan;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** A broker and the processes of the roles, each of which reaches the broker through a relay of its own. Any thread. */
final class Cluster implements AutoCloseable {
    static final String BROKER = "broker";
    static final int IMAGE_PARTITIONS = 4;

    private static final String APP = "io.acclimate.app.Main";

    private final Path folder;
    private final Topics topics;
    private final Map<String, List<String>> options;
    private final int port;
    private final JavaProcess broker;
    private final Map<String, JavaProcess> roles = new LinkedHashMap<>();
    private final Map<String, TcpProxy> proxies = new LinkedHashMap<>();
    private final Map<String, Integer> http = new LinkedHashMap<>();

    /** @param names ROLE-INSTANCE, as in {@code serve-a} */
    Cluster(Path folder, Topics topics, List<String> names, Map<String, List<String>> options) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.topics = topics;
        this.options = Map.copyOf(options);
        this.port = FreePort.take();
        int controller = FreePort.take();
        Map<String, Integer> listeners = new LinkedHashMap<>();
        Map<String, Integer> advertised = new LinkedHashMap<>();
        listeners.put("PLAINTEXT", port);
        advertised.put("PLAINTEXT", port);
        for (String name : names) {
            int behind = FreePort.take();
            TcpProxy proxy = new TcpProxy(FreePort.take(), behind);
            proxies.put(name, proxy);
            listeners.put(listener(name), behind);
            advertised.put(listener(name), proxy.port());
            int answers = FreePort.take();
            http.put(name, answers);
            roles.put(name, role(name, name, proxy.port(), answers));
        }
        List<String> arguments = new ArrayList<>(List.of(folder.resolve("data").toString(), Integer.toString(port)));
        arguments.add("listeners=" + addresses(listeners) + ",CONTROLLER://localhost:" + controller);
        arguments.add("advertised.listeners=" + addresses(advertised));
        arguments.add("listener.security.protocol.map=CONTROLLER:PLAINTEXT,"
                + listeners.keySet().stream().map(each -> each + ":PLAINTEXT").collect(Collectors.joining(",")));
        arguments.add("inter.broker.listener.name=PLAINTEXT");
        arguments.add("controller.quorum.voters=1@localhost:" + controller);
        arguments.add("num.network.threads=1");
        broker = new JavaProcess(BROKER, folder, 512, BrokerMain.class.getName(), arguments);
    }

    private JavaProcess role(String name, String log, int bootstrap, int answers) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                role(name),
                "--bootstrap=localhost:" + bootstrap,
                "--topic-prefix=" + topics.prefix(),
                "--instance=" + instance(name),
                "--image-partitions=" + IMAGE_PARTITIONS,
                "--http-port=" + answers));
        if (role(name).equals("minibatch")) {
            arguments.add("--state-dir=" + folder.resolve("state"));
        }
        arguments.addAll(options.getOrDefault(role(name), List.of()));
        return new JavaProcess(log, folder, 512, APP, arguments);
    }

    /** A second process of the same name, as an operator starts by mistake. */
    JavaProcess twin(String name) throws IOException {
        return role(name, name + "-twin", port, 0);
    }

    /** A worker that shares nothing with the others but the broker. */
    JavaProcess worker(Topics others, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "adapt",
                "--bootstrap=" + bootstrap(),
                "--topic-prefix=" + others.prefix(),
                "--instance=undisturbed",
                "--http-port=0"));
        arguments.addAll(options);
        return new JavaProcess("undisturbed", folder, 512, APP, arguments);
    }

    static String role(String name) {
        return name.substring(0, name.indexOf('-'));
    }

    private static String instance(String name) {
        return name.substring(name.indexOf('-') + 1);
    }

    private static String listener(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    }

    private static String addresses(Map<String, Integer> listeners) {
        return listeners.entrySet().stream()
                .map(each -> each.getKey() + "://localhost:" + each.getValue())
                .collect(Collectors.joining(","));
    }

    /** Starts the broker, makes the topics, then starts the roles. */
    void start() {
        broker.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            TopicCreator.ensure(
                    admin,
                    topics,
                    new TopicPlan(IMAGE_PARTITIONS, TopicPlan.DEFAULT.domainPartitions(), Optional.empty()));
        }
        roles.values().forEach(JavaProcess::start);
    }

    /** The broker's address without a relay, for load and checks. */
    String bootstrap() {
        return "localhost:" + port;
    }

    Topics topics() {
        return topics;
    }

    /** A role's process or the broker's. */
    JavaProcess process(String name) {
        JavaProcess found = name.equals(BROKER) ? broker : roles.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        return found;
    }

    TcpProxy proxy(String name) {
        TcpProxy found = proxies.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no relay of " + name);
        }
        return found;
    }

    /** What {@code name} answers to {@code GET /health/...}, as a status code; 0 when nobody answers. */
    Health health(String name) {
        return new Health(http.getOrDefault(name, 0));
    }

    Set<String> names() {
        return roles.keySet();
    }

    @Override
    public void close() throws IOException {
        roles.values().forEach(JavaProcess::close);
        broker.close();
        for (TcpProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
