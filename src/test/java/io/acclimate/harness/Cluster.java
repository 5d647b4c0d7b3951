package io.acclimate.harness;

import io.acclimate.broker.FreePort;
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

/** One broker and the processes of the roles, each of which reaches the broker through a relay of its own. Any thread. */
final class Cluster implements Deployment {
    static final String BROKER = "broker";

    private final RoleProcesses processes;
    private final int port;
    private final JavaProcess broker;
    private final Map<String, JavaProcess> roles = new LinkedHashMap<>();
    private final Map<String, TcpProxy> proxies = new LinkedHashMap<>();
    private final Map<String, Integer> http = new LinkedHashMap<>();

    /** @param names ROLE-INSTANCE, as in {@code serve-a} */
    Cluster(Path folder, Topics topics, List<String> names, Map<String, List<String>> options) throws IOException {
        this.processes = new RoleProcesses(Files.createDirectories(folder), topics, options);
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
            roles.put(name, processes.role(name, name, "localhost:" + proxy.port(), answers));
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

    /** A second process of the same name, as an operator starts by mistake. */
    JavaProcess twin(String name) throws IOException {
        return processes.role(name, name + "-twin", bootstrap(), 0);
    }

    @Override
    public JavaProcess worker(Topics others, List<String> options) throws IOException {
        return processes.undisturbed(bootstrap(), others, options);
    }

    private static String listener(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    }

    private static String addresses(Map<String, Integer> listeners) {
        return listeners.entrySet().stream()
                .map(each -> each.getKey() + "://localhost:" + each.getValue())
                .collect(Collectors.joining(","));
    }

    @Override
    public void start() {
        broker.start();
        createTopics(Optional.empty());
        roles.values().forEach(JavaProcess::start);
    }

    @Override
    public String bootstrap() {
        return "localhost:" + port;
    }

    @Override
    public Topics topics() {
        return processes.topics();
    }

    @Override
    public JavaProcess process(String name) {
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

    @Override
    public Health health(String name) {
        return new Health(http.getOrDefault(name, 0));
    }

    @Override
    public Set<String> names() {
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
