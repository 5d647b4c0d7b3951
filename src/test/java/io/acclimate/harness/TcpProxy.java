package io.acclimate.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A relay between one client and a broker's listener, on localhost. Cut, it closes every connection and refuses new ones;
 * stalled, it keeps them and moves no byte. A target that is down looks as it would without the relay. Any thread.
 */
public final class TcpProxy implements AutoCloseable {
    private enum Mode {
        PASS,
        STALL,
        CUT
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private Mode mode = Mode.PASS;

    public TcpProxy(int port, int target) throws IOException {
        this.server = new ServerSocket(port, 64, InetAddress.getLoopbackAddress());
        this.target = target;
        start(this::accept, "proxy-" + port);
    }

    public int port() {
        return server.getLocalPort();
    }

    public synchronized void pass() {
        mode = Mode.PASS;
        notifyAll();
    }

    public synchronized void stall() {
        mode = Mode.STALL;
    }

    public synchronized void cut() {
        mode = Mode.CUT;
        notifyAll();
        sockets.forEach(TcpProxy::close);
        sockets.clear();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                if (isCut()) {
                    close(client);
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // The end of the proxy; a broker that is down is seen by connect.
                return;
            }
        }
    }

    private synchronized boolean isCut() {
        return mode == Mode.CUT;
    }

    private void connect(Socket client) {
        try {
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
            broker.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(broker);
            start(() -> pump(client, broker), "proxy-up-" + client.getPort());
            start(() -> pump(broker, client), "proxy-down-" + client.getPort());
        } catch (IOException e) {
            close(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[32 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && waitOut(); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One side is gone, so the other is closed below.
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Blocks while stalled. False when the bytes may not go on. */
    private synchronized boolean waitOut() {
        try {
            while (mode == Mode.STALL) {
                wait();
            }
            return mode == Mode.PASS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
