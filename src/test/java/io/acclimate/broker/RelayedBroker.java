package io.acclimate.broker;

import io.acclimate.harness.TcpProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A broker of one's own that is reached through a relay, so that a test can cut the network between: every address that it
 * advertises to its relayed clients is the relay's. Embedded behind {@link TcpProxy}, or a container behind Toxiproxy when
 * {@code -Dacclimate.test.broker=container}.
 */
public interface RelayedBroker extends AutoCloseable {
    static RelayedBroker start(Path folder) throws IOException {
        return "container".equals(System.getProperty("acclimate.test.broker"))
                ? new ContainerRelay()
                : new EmbeddedRelay(folder);
    }

    /** Through the relay. */
    String relayed();

    /** Past the relay, for load and checks. */
    String direct();

    /** Closes every relayed connection and refuses new ones. */
    void cut() throws IOException;

    void pass() throws IOException;

    @Override
    void close() throws IOException;

    /** Both in this JVM. */
    final class EmbeddedRelay implements RelayedBroker {
        private final EmbeddedBroker broker;
        private final TcpProxy relay;

        EmbeddedRelay(Path folder) throws IOException {
            int behind = FreePort.take();
            int controller = FreePort.take();
            int direct = FreePort.take();
            relay = new TcpProxy(0, behind);
            broker = EmbeddedBroker.start(new EmbeddedBrokerSettings(
                    folder,
                    direct,
                    Map.of(
                            "listeners",
                            "PLAINTEXT://localhost:" + direct + ",RELAY://localhost:" + behind
                                    + ",CONTROLLER://localhost:" + controller,
                            "advertised.listeners",
                            "PLAINTEXT://localhost:" + direct + ",RELAY://" + relayed(),
                            "listener.security.protocol.map",
                            "PLAINTEXT:PLAINTEXT,RELAY:PLAINTEXT,CONTROLLER:PLAINTEXT",
                            "controller.quorum.voters",
                            "1@localhost:" + controller)));
        }

        @Override
        public String relayed() {
            return "localhost:" + relay.port();
        }

        @Override
        public String direct() {
            return broker.bootstrapServers();
        }

        @Override
        public void cut() {
            relay.cut();
        }

        @Override
        public void pass() {
            relay.pass();
        }

        @Override
        public void close() throws IOException {
            relay.close();
            broker.close();
        }
    }
}
