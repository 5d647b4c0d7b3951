package io.acclimate.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Ports for what a test starts later, or stops and starts again. They lie below the range from which systems give ports to outgoing
 * connections: there a client that asks for a stopped broker could be given the broker's own port. This JVM takes none twice, and
 * the test processes of one build take them from parts of the range that do not overlap: a port is not bound yet when it is taken. Any
 * thread.
 */
public final class FreePort {
    private static final int FIRST = 12_000;
    private static final int PARTS = 8;
    private static final int PORTS_OF_A_PART = 2_250;
    private static final int BEGIN = FIRST + Integer.getInteger("acclimate.test.process", 0) % PARTS * PORTS_OF_A_PART;

    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final Set<Integer> TAKEN = new HashSet<>();

    private FreePort() {}

    public static synchronized int take() {
        while (TAKEN.size() < PORTS_OF_A_PART) {
            int candidate = BEGIN + RANDOM.nextInt(PORTS_OF_A_PART);
            if (TAKEN.add(candidate) && isFree(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no port from " + BEGIN + " to " + (BEGIN + PORTS_OF_A_PART - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
