package io.acclimate.broker;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.toxiproxy.ToxiproxyContainer;

/** A Kafka container behind a Toxiproxy container, on a network of their own. */
final class ContainerRelay implements RelayedBroker {
    /** The first of the ports that the image opens for proxies. */
    private static final int RELAY = 8666;

    private final Network network = Network.newNetwork();
    private final ToxiproxyContainer toxiproxy = new ToxiproxyContainer("shopify/toxiproxy:2.1.4").withNetwork(network);
    private final KafkaContainer kafka = new KafkaContainer(TestBroker.IMAGE)
            .withNetwork(network)
            .withListener("kafka:19092", this::relayed)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
    private final Proxy proxy;

    ContainerRelay() throws IOException {
        toxiproxy.start();
        kafka.start();
        proxy = new ToxiproxyClient(toxiproxy.getHost(), toxiproxy.getControlPort())
                .createProxy("kafka", "0.0.0.0:" + RELAY, "kafka:19092");
    }

    @Override
    public String relayed() {
        return toxiproxy.getHost() + ":" + toxiproxy.getMappedPort(RELAY);
    }

    @Override
    public String direct() {
        return kafka.getBootstrapServers();
    }

    @Override
    public void cut() throws IOException {
        proxy.disable();
    }

    @Override
    public void pass() throws IOException {
        proxy.enable();
    }

    @Override
    public void close() {
        kafka.stop();
        toxiproxy.stop();
        network.close();
    }
}
