package io.acclimate.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.broker.FreePort;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

class BrokerProbeTest {
    @Test
    void saysThatNothingListens() throws IOException {
        String address = "127.0.0.1:" + FreePort.take();

        Optional<String> problem = BrokerProbe.problem(client(address));

        assertThat(problem).get().asString().contains("nothing listens at " + address, "--bootstrap");
    }

    @Test
    void saysThatANameIsUnknown() {
        Optional<String> problem = BrokerProbe.problem(client("no-such-host.invalid:9092"));

        assertThat(problem).get().asString().contains("the name in 'no-such-host.invalid:9092' is not known");
    }

    @Test
    void readsAddressesAsKafkasClientsDo() throws IOException {
        int port = FreePort.take();

        Optional<String> problem = BrokerProbe.problem(client("PLAINTEXT://127.0.0.1:" + port + ",[::1]:" + port));

        assertThat(problem)
                .get()
                .asString()
                .contains("nothing listens at PLAINTEXT://127.0.0.1:" + port)
                .doesNotContain("is not known", "is no address");
    }

    @Test
    void saysWhatAnAddressLooksLike() {
        Optional<String> problem = BrokerProbe.problem(client("kafka,kafka:port,kafka:99999"));

        assertThat(problem)
                .get()
                .asString()
                .contains("'kafka' is no address of the form HOST:PORT")
                .contains("'kafka:port' is no address")
                .contains("'kafka:99999' has a port above 65535");
    }

    @Test
    void saysThatAListenerDoesNotSpeakKafkaAsAsked() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();

            Optional<String> problem = BrokerProbe.problem(client(address), 300);

            assertThat(problem)
                    .get()
                    .asString()
                    .contains("something listens at " + address, "security.protocol=PLAINTEXT", "TLS or SASL");
        }
    }

    /** Accepts each connection, and closes it after what {@code words} does. */
    private static ServerSocket listening(Words words) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    words.say(new DataInputStream(client.getInputStream()), client.getOutputStream());
                } catch (IOException e) {
                    // The next connection may be better.
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    @FunctionalInterface
    private interface Words {
        void say(DataInputStream in, OutputStream out) throws IOException;
    }

    /** Answers one request of Kafka with nothing but its number. */
    private static void answer(DataInputStream in, OutputStream out) throws IOException {
        byte[] request = in.readNBytes(in.readInt());
        out.write(new byte[] {0, 0, 0, 4});
        out.write(request, 4, 4);
    }

    @Test
    void saysAtOnceThatAnHttpServerIsNotKafka() throws IOException {
        byte[] refusal = "HTTP/1.1 400 Bad Request\r\n\r\nno".getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = listening((in, out) -> {
            in.readInt();
            out.write(refusal);
        })) {
            assertThat(BrokerProbe.problem(client("127.0.0.1:" + server.getLocalPort())))
                    .get()
                    .asString()
                    .contains("is not Kafka: it answers 'HTTP/1.1 400 Bad Request'");
        }
    }

    @Test
    void aServerThatWaitsForTheEndOfALineAnswersAtOnceToo() throws IOException {
        byte[] refusal = "HTTP/1.0 400 Bad request\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = listening((in, out) -> {
            int read = in.read();
            while (read != '\n' && read >= 0) {
                read = in.read();
            }
            if (read == '\n') {
                out.write(refusal);
            }
        })) {
            assertThat(BrokerProbe.problem(client("127.0.0.1:" + server.getLocalPort())))
                    .get()
                    .asString()
                    .contains("is not Kafka: it answers 'HTTP/1.0 400 Bad request'");
        }
    }

    @Test
    void saysAtOnceThatAListenerWantsTls() throws IOException {
        byte[] alert = {0x15, 3, 3, 0, 2, 2, 80};
        try (ServerSocket server = listening((in, out) -> {
            in.readInt();
            out.write(alert);
        })) {
            assertThat(BrokerProbe.problem(client("127.0.0.1:" + server.getLocalPort())))
                    .get()
                    .asString()
                    .contains("closes the connection", "want TLS? -K security.protocol=SSL");
        }
    }

    @Test
    void saysAtOnceThatAListenerWantsSasl() throws IOException {
        try (ServerSocket server = listening(BrokerProbeTest::answer)) {
            assertThat(BrokerProbe.problem(client("127.0.0.1:" + server.getLocalPort())))
                    .get()
                    .asString()
                    .contains("this listener wants SASL. -K security.protocol=SASL_PLAINTEXT");
        }
    }

    @Test
    void whatAListenerSaysTellsMoreThanThatAnotherAddressOfTheNameHasNone() throws IOException {
        byte[] refusal = "HTTP/1.1 400 Bad Request\r\n".getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = listening((in, out) -> {
            in.readInt();
            out.write(refusal);
        })) {
            InetAddress[] all = {
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), InetAddress.getByAddress(new byte[] {127, 0, 0, 2})
            };

            assertThat(BrokerProbe.problem("kafka:9092", all, server.getLocalPort(), 4_000))
                    .get()
                    .asString()
                    .contains("something listens at kafka:9092, but it is not Kafka");
        }
    }

    @Test
    void waitsForTheFirstAnswerAsLongAsTheUserSays() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, Object> client = Map.of(
                    "bootstrap.servers",
                    "127.0.0.1:" + silent.getLocalPort(),
                    "request.timeout.ms",
                    "210",
                    "default.api.timeout.ms",
                    "220");

            assertThat(BrokerProbe.problem(client, 300)).get().asString().contains("within 210 ms");
        }
    }

    @Test
    void asksNoOtherAddressOnceOneHasAnswered() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (ServerSocket broker = listening((in, out) -> {
                    answer(in, out);
                    answer(in, out);
                });
                ServerSocket other = listening((in, out) -> asked.incrementAndGet())) {
            List<String> addresses = List.of("127.0.0.1:" + broker.getLocalPort(), "127.0.0.1:" + other.getLocalPort());

            assertThat(BrokerProbe.noneAnswers(addresses, "PLAINTEXT", 4_000)).isEmpty();
        }

        assertThat(asked).hasValue(0);
    }

    @Test
    void saysThatBrokersNameAddressesThatCannotBeReached() throws IOException {
        Node away = new Node(1, "127.0.0.1", FreePort.take());

        Optional<String> problem = BrokerProbe.unreachable(List.of(away), List.of("proxy:9092"));

        assertThat(problem)
                .get()
                .asString()
                .contains("Kafka answers at proxy:9092", "127.0.0.1:" + away.port(), "advertised.listeners");
    }

    @Test
    void oneReachableBrokerIsEnough() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Node away = new Node(1, "127.0.0.1", FreePort.take());
            Node there = new Node(2, "127.0.0.1", listening.getLocalPort());

            Optional<String> problem = BrokerProbe.unreachable(List.of(away, there), List.of("proxy:9092"));

            assertThat(problem).isEmpty();
        }
    }

    private static Map<String, Object> client(String bootstrap) {
        return Map.of("bootstrap.servers", bootstrap);
    }
}
