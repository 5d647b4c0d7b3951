package io.acclimate.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Speaks the first words of a Kafka client to a listener that does not begin with TLS, so that what is wrong with it can be said at once.
 * Kafka's clients say only that they had no answer, after a minute, whether they talk to an HTTP server, to a listener that wants TLS, or
 * to one that wants SASL. Stateless; any thread.
 */
final class ListenerProbe {
    private static final short API_VERSIONS = 18;
    private static final short METADATA = 3;
    private static final short METADATA_VERSION = 4;
    /** Any number will do. This one is the end of two lines, at which a server of lines, such as HTTP, says what it is. */
    private static final int CORRELATION = 0x0D0A0D0A;

    private static final int TLS_ALERT = 0x1503;
    private static final int SHOWN_BYTES = 60;

    private ListenerProbe() {}

    /**
     * Talks over a connection that is just open.
     *
     * @param protocol {@code PLAINTEXT} or {@code SASL_PLAINTEXT}
     * @param millis how long to wait for an answer
     * @return why no client can work with this listener, after the words "something listens at HOST:PORT, but"
     */
    static Optional<String> problem(Socket socket, String protocol, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            send(socket, API_VERSIONS, (short) 0, new byte[0]);
            Optional<String> strange = answer(socket.getInputStream());
            // With SASL, a client would have to authenticate before any other question.
            if (strange.isPresent() || !protocol.equals("PLAINTEXT")) {
                return strange;
            }
        } catch (SocketTimeoutException e) {
            return Optional.of(silent(protocol, millis));
        } catch (IOException e) {
            return Optional.of(
                    "it closes the connection of a client with security.protocol=" + protocol
                            + ". Is it a broker, and does this listener want TLS? -K security.protocol=SSL or SASL_SSL sets it");
        }
        try {
            // No topics, and none to be created.
            send(socket, METADATA, METADATA_VERSION, new byte[5]);
            return answer(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            return Optional.of(silent(protocol, millis));
        } catch (IOException e) {
            return Optional.of(
                    "it closes the connection of a client with security.protocol=PLAINTEXT as soon as that asks for more than"
                            + " versions: this listener wants SASL. -K security.protocol=SASL_PLAINTEXT, sasl.mechanism and"
                            + " sasl.jaas.config set it");
        }
    }

    private static void send(Socket socket, short api, short version, byte[] body) throws IOException {
        byte[] client = "acclimate-probe".getBytes(StandardCharsets.UTF_8);
        int size = 10 + client.length + body.length;
        ByteBuffer request = ByteBuffer.allocate(4 + size)
                .putInt(size)
                .putShort(api)
                .putShort(version)
                .putInt(CORRELATION)
                .putShort((short) client.length)
                .put(client)
                .put(body);
        socket.getOutputStream().write(request.array());
        socket.getOutputStream().flush();
    }

    /** Reads a whole answer of Kafka. Returns what is wrong when it is none. */
    private static Optional<String> answer(InputStream in) throws IOException {
        byte[] head = in.readNBytes(8);
        if (head.length < 2 || (head[0] << 8 | head[1]) == TLS_ALERT) {
            throw new EOFException();
        }
        ByteBuffer words = ByteBuffer.wrap(head);
        if (head.length < 8 || words.getInt(4) != CORRELATION) {
            return Optional.of(strange(head, in));
        }
        in.skipNBytes(words.getInt(0) - 4L);
        return Optional.empty();
    }

    private static String strange(byte[] head, InputStream in) throws IOException {
        byte[] more = new byte[SHOWN_BYTES];
        int length = Math.max(0, in.available() > 0 ? in.read(more) : 0);
        String text =
                new String(head, StandardCharsets.US_ASCII) + new String(more, 0, length, StandardCharsets.US_ASCII);
        return "it is not Kafka: it answers '"
                + text.lines().findFirst().orElse("").replaceAll("[^ -~]", "?") + "'";
    }

    /** What is to be said of a listener that takes a connection and is silent. */
    static String silent(String protocol, int millis) {
        return "does not answer as Kafka with security.protocol=" + protocol + " within " + millis
                + " ms. Is it a broker, is it busy, or does this listener want TLS or SASL? -K security.protocol=... sets it";
    }
}
