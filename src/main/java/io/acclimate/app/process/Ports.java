package io.acclimate.app.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a free port when the usual one is busy. */
public final class Ports {
    private Ports() {}

    /** Returns {@code wanted} when it is free on {@code host}, else a free port. Another process may take it before the caller does. */
    public static int freeOr(String host, int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), wanted));
            return socket.getLocalPort();
        } catch (java.net.BindException busy) {
            try (ServerSocket any = new ServerSocket(0)) {
                return any.getLocalPort();
            }
        }
    }
}
