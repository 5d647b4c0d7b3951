package io.acclimate.kafka;

import java.io.IOException;
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

/**
 * Finds out why clients cannot talk to Kafka. Kafka's clients try every address again for a minute and then report a timeout; the cause may be that
 * the name is unknown, that nothing listens, that the listener speaks TLS, or that the brokers call themselves by names that only they can resolve.
 * Stateless; any thread; it takes at most some seconds.
 */
public final class BrokerProbe {
    private static final int CONNECT_MILLIS = 1_500;
    private static final int ANSWER_MILLIS = 4_000;

    private BrokerProbe() {}

    /**
     * Tries to reach the brokers.
     *
     * @param client properties of any client; {@code bootstrap.servers} is among them
     * @return what is wrong, in words with the way out; empty when a client can work with the brokers
     * @throws KafkaException when a property has a wrong value, or the brokers answer and refuse, for example a user's password
     */
    public static Optional<String> problem(Map<String, Object> client) {
        return problem(client, ANSWER_MILLIS);
    }

    /** Does the same with another patience for the answer of a broker, in milliseconds. */
    static Optional<String> problem(Map<String, Object> client, int answerMillis) {
        validate(client);
        List<String> addresses = addresses(client);
        List<String> failures = new ArrayList<>();
        for (String address : addresses) {
            connect(address).ifPresent(failures::add);
        }
        if (failures.size() == addresses.size()) {
            return Optional.of(String.join("; ", failures) + ". Is Kafka running, and is --bootstrap its address?");
        }
        return problem(client, addresses, answerMillis);
    }

    /** A property with a wrong value is the user's mistake, whether the brokers are there or not. */
    private static void validate(Map<String, Object> client) {
        AdminClientConfig valid =
                new AdminClientConfig(ClientProperties.of(client).admin());
        valid.ignore(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    }

    private static List<String> addresses(Map<String, Object> client) {
        String value = String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        return List.of(value.trim().split("\\s*,\\s*", -1));
    }

    /** Opens a connection and closes it. Returns why it failed. */
    private static Optional<String> connect(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.of("'" + address + "' is no address of the form HOST:PORT");
        }
        String host = address.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
        int port = Integer.parseInt(address.substring(colon + 1));
        return port > 0xFFFF
                ? Optional.of("'" + address + "' has a port above 65535")
                : connect(address, new InetSocketAddress(host, port));
    }

    private static Optional<String> connect(String address, InetSocketAddress socketAddress) {
        try (Socket socket = new Socket()) {
            if (socketAddress.isUnresolved()) {
                throw new UnknownHostException(address);
            }
            socket.connect(socketAddress, CONNECT_MILLIS);
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("the name in '" + address + "' is not known here");
        } catch (SocketTimeoutException e) {
            return Optional.of(address + " does not take a connection within " + CONNECT_MILLIS + " ms");
        } catch (IOException e) {
            return Optional.of("nothing listens at " + address + " (" + e.getMessage() + ")");
        }
    }

    /** Asks a broker for all of them. */
    private static Optional<String> problem(Map<String, Object> client, List<String> addresses, int answerMillis) {
        Collection<Node> nodes;
        ClientProperties properties = ClientProperties.of(client)
                .force(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, answerMillis / 2)
                .force(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMillis);
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
            connect(node.host() + ":" + node.port(), new InetSocketAddress(node.host(), node.port()))
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
        Object protocol = client.getOrDefault(
                CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
        return "something listens at " + String.join(",", addresses)
                + ", but does not answer as Kafka with security.protocol="
                + protocol + " within " + answerMillis
                + " ms. Is it a broker, and does this listener want TLS or SASL? -K security.protocol=... sets it";
    }
}
