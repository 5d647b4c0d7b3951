package io.acclimate.app.process;

import io.acclimate.app.options.HttpPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a free port when the usual one is busy. */
public final class Ports {
    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private Ports() {}

    /** Returns {@code wanted} when it is free on {@code host}, else a free port. Another process may take it before the caller does. */
    public static int freeOr(String host, int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), wanted));
            return socket.getLocalPort();
        } catch (java.net.BindException busy) {
            try (ServerSocket any = new ServerSocket(0)) {
                // Who does not see it talks to the process that has the usual port.
                LOG.warn("port {} of {} is busy; taking {} in its place", wanted, host, any.getLocalPort());
                return any.getLocalPort();
            }
        }
    }

    public static HttpPort freeOr(String host, HttpPort wanted) throws IOException {
        return wanted.number().isEmpty()
                ? wanted
                : HttpPort.of(freeOr(host, wanted.number().getAsInt()));
    }
}
