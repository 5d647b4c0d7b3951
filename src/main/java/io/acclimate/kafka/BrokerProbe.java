package io.acclimate.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds out why clients cannot talk to Kafka. Kafka's clients try every address again for a minute and then report a timeout; the cause may be that
 * the name is unknown, that nothing listens, that the listener speaks TLS, or that the brokers call themselves by names that only they can resolve.
 * Stateless; any thread; it takes at most some seconds.
 */
public final class BrokerProbe {
    private static final int CONNECT_MILLIS = 1_500;
    /** The first answer of a broker costs it nothing, so a silent one is soon said to be silent. */
    private static final int FIRST_ANSWER_MILLIS = 4_000;
    /** With the start of a JVM, a person who waits has an answer within ten seconds. */
    private static final int ANSWER_MILLIS = 6_000;

    private BrokerProbe() {}

    /**
     * Tries to reach the brokers.
     *
     * @param client properties of any client; {@code bootstrap.servers} is among them
     * @return what is wrong, in words with the way out; empty when a client can work with the brokers
     * @throws KafkaException when a property has a wrong value, or the brokers answer and refuse, for example a user's password
     */
    public static Optional<String> problem(Map<String, Object> client) {
        return problem(client, FIRST_ANSWER_MILLIS, ANSWER_MILLIS);
    }

    /**
     * Does the same with another patience.
     *
     * @param answerMillis how long to wait for a broker's answer, unless the properties of the client say it
     */
    public static Optional<String> problem(Map<String, Object> client, int answerMillis) {
        return problem(client, answerMillis, answerMillis);
    }

    private static Optional<String> problem(Map<String, Object> client, int firstMillis, int answerMillis) {
        AdminClientConfig valid = valid(client);
        int patience = saysPatience(client)
                ? Math.min(
                        valid.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG),
                        valid.getInt(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG))
                : firstMillis;
        List<String> addresses = addresses(client);
        Optional<String> none = noneAnswers(addresses, protocol(client), Math.max(1, patience / addresses.size()));
        return none.isPresent() ? none : problem(client, addresses, answerMillis);
    }

    /** Why no address answers as Kafka does. Asks no further address when one has answered. */
    static Optional<String> noneAnswers(List<String> addresses, String protocol, int millis) {
        Talk talk = new Talk(protocol, millis);
        List<String> failures = new ArrayList<>();
        for (String address : addresses) {
            Optional<String> failure = connect(address, talk);
            if (failure.isEmpty()) {
                return failure;
            }
            failures.add(failure.get());
        }
        return Optional.of(String.join("; ", failures) + ". Is Kafka running, and is --bootstrap its address?");
    }

    /** A user who knows how slow the brokers are has said so. */
    private static boolean saysPatience(Map<String, Object> client) {
        return client.containsKey(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG)
                || client.containsKey(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
    }

    /** What is said over a connection, and how long an answer may take. */
    private record Talk(String protocol, int millis) {
        /** Over TLS, Kafka's own client finds out as soon as this could. */
        Optional<String> problem(String address, Socket socket) throws IOException {
            return protocol.endsWith("PLAINTEXT")
                    ? ListenerProbe.problem(socket, protocol, millis)
                            .map(text -> "something listens at " + address + ", but " + text)
                    : Optional.empty();
        }
    }

    private static String protocol(Map<String, Object> client) {
        return String.valueOf(client.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL));
    }

    /** A property with a wrong value is the user's mistake, whether the brokers are there or not. */
    private static AdminClientConfig valid(Map<String, Object> client) {
        AdminClientConfig valid =
                new AdminClientConfig(ClientProperties.of(client).admin());
        valid.ignore(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return valid;
    }

    private static List<String> addresses(Map<String, Object> client) {
        String value = String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        return List.of(value.trim().split("\\s*,\\s*", -1));
    }

    /** Tries an address of the form that Kafka's clients take, which may begin with a protocol. Returns why it failed. */
    private static Optional<String> connect(String address, Talk talk) {
        String host = Utils.getHost(address);
        Integer port = Utils.getPort(address);
        if (host == null || port == null) {
            return Optional.of("'" + address + "' is no address of the form HOST:PORT");
        }
        return port > 0xFFFF
                ? Optional.of("'" + address + "' has a port above 65535")
                : connect(address, host, port, Optional.of(talk));
    }

    private static Optional<String> connect(String address, String host, int port, Optional<Talk> talk) {
        try {
            return connect(address, InetAddress.getAllByName(host), port, talk);
        } catch (UnknownHostException e) {
            return Optional.of("the name in '" + address + "' is not known here");
        }
    }

    /**
     * Opens a connection and closes it. Kafka's clients try every address that a name has, so one that answers is enough. If none does, what
     * a listener says tells more than that another address has none.
     */
    private static Optional<String> connect(String address, InetAddress[] all, int port, Optional<Talk> talk) {
        String failure = "";
        Optional<String> said = Optional.empty();
        for (InetAddress each : all) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(each, port), CONNECT_MILLIS);
                Optional<String> problem = talk.isPresent() ? talk.get().problem(address, socket) : Optional.empty();
                if (problem.isEmpty()) {
                    return problem;
                }
                said = said.or(() -> problem);
            } catch (SocketTimeoutException e) {
                failure = address + " does not take a connection within " + CONNECT_MILLIS + " ms";
            } catch (IOException e) {
                failure = "nothing listens at " + address + " (" + e.getMessage() + ")";
            }
        }
        return Optional.of(said.orElse(failure));
    }

    /** Tries the addresses of one name. */
    static Optional<String> problem(String address, InetAddress[] all, int port, int millis) {
        return connect(
                address, all, port, Optional.of(new Talk(CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL, millis)));
    }

    /** Asks a broker for all of them. */
    private static Optional<String> problem(Map<String, Object> client, List<String> addresses, int answerMillis) {
        Collection<Node> nodes;
        ClientProperties properties = ClientProperties.of(client);
        // One of the two alone would contradict the other.
        if (!saysPatience(client)) {
            properties
                    .prefer(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, answerMillis)
                    .prefer(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMillis);
        }
        try (Admin admin = properties.openAdmin()) {
            nodes = AdminCall.await(() -> admin.describeCluster().nodes().get());
        } catch (KafkaException e) {
            if (e.getCause() instanceof RetriableException) {
                return Optional.of(silent(client, addresses, answerMillis));
            }
            throw e;
        }
        return unreachable(nodes, addresses);
    }

    /** Tries the addresses that brokers give themselves. One that can be reached is enough. */
    static Optional<String> unreachable(Collection<Node> nodes, List<String> addresses) {
        List<String> failures = new ArrayList<>();
        for (Node node : nodes) {
            connect(node.host() + ":" + node.port(), node.host(), node.port(), Optional.empty())
                    .ifPresent(failures::add);
        }
        return failures.size() < nodes.size()
                ? Optional.empty()
                : Optional.of("Kafka answers at " + String.join(",", addresses)
                        + ", but its brokers name addresses that cannot be reached from here: "
                        + String.join("; ", failures)
                        + ". Set the brokers' advertised.listeners to addresses that clients can reach");
    }

    private static String silent(Map<String, Object> client, List<String> addresses, int answerMillis) {
        return "something listens at " + String.join(",", addresses) + ", but "
                + ListenerProbe.silent(protocol(client), answerMillis);
    }
}
