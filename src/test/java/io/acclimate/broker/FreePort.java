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
 * connections: there a client that asks for a stopped broker could be given the broker's own port. This JVM takes none twice. Any
 * thread.
 */
public final class FreePort {
    private static final SplittableRandom RANDOM = new SplittableRandom();
    private static final Set<Integer> TAKEN = new HashSet<>();

    private FreePort() {}

    public static synchronized int take() {
        while (TAKEN.size() < 18_000) {
            int candidate = 12_000 + RANDOM.nextInt(18_000);
            if (TAKEN.add(candidate) && isFree(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no port from 12000 to 29999 is free");
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
