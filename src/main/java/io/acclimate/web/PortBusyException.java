package io.acclimate.web;

/** Another process uses the port. The caller may choose another port, or 0 for any free one. */
public final class PortBusyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortBusyException(String host, int port, Throwable cause) {
        super(
                "port " + port + " of " + host
                        + " is taken by another process: name another with --http-port, 0 for any"
                        + " free one, or none for no HTTP",
                cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
