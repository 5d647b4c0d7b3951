package io.acclimate.app.watch;

import io.acclimate.app.process.Role;
import io.acclimate.core.Activation;
import io.acclimate.core.ControlCommand;
import io.acclimate.core.DomainId;
import io.acclimate.core.ModelVersion;
import io.acclimate.kafka.ClientProperties;
import io.acclimate.registry.VersionFollower;
import io.acclimate.telemetry.Health;
import io.acclimate.telemetry.Telemetry;
import io.acclimate.web.VersionsApi;
import io.acclimate.wire.ControlCodec;
import io.acclimate.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The versions of the registry, and the way for an operator's commands: to the worker, and of dead letters to where they came from. Any thread may call it. */
public final class FollowedVersions implements VersionsApi, Role {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedVersions.class);

    private final VersionFollower follower;
    private final Producer<byte[], byte[]> commands;
    private final ResentLetters letters;
    private final ControlCodec codec = new ControlCodec();
    private final Topics topics;

    public FollowedVersions(Map<String, Object> client, Topics topics, Telemetry telemetry) {
        this(
                VersionFollower.ofPointers(client, topics, telemetry),
                ClientProperties.of(client)
                        .force(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000)
                        .force(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 << 20)
                        // Somebody waits for the answer, and what was said not to be sent must not be sent later.
                        .force(ProducerConfig.LINGER_MS_CONFIG, 0)
                        .force(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000)
                        .force(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000)
                        .openProducer(),
                () -> ClientProperties.of(client).openReader(),
                topics);
    }

    /**
     * Closes follower and producer when it is closed itself.
     *
     * @param letters opens what reads a dead letter that is to be sent again
     */
    FollowedVersions(
            VersionFollower follower,
            Producer<byte[], byte[]> commands,
            Supplier<Consumer<byte[], byte[]>> letters,
            Topics topics) {
        this.letters = new ResentLetters(letters, commands, topics);
        this.follower = follower;
        this.commands = commands;
        this.topics = topics;
    }

    @Override
    public String name() {
        return "versions";
    }

    @Override
    public void start() {
        follower.start();
    }

    @Override
    public Health check() {
        return follower.check();
    }

    @Override
    public Collection<DomainId> domains() {
        return follower.domains();
    }

    @Override
    public Collection<ModelVersion> versions(DomainId domain) {
        return follower.versions(domain);
    }

    @Override
    public Optional<Activation> active(DomainId domain) {
        return follower.active(domain);
    }

    @Override
    public void submit(ControlCommand command) {
        var unused = commands.send(
                new ProducerRecord<>(
                        topics.modelControl(),
                        command.domain().value().getBytes(StandardCharsets.UTF_8),
                        codec.encode(command)),
                (sent, failure) -> {
                    if (failure != null) {
                        LOG.error("command {} of {} was not taken by Kafka", command.id(), command.domain(), failure);
                    }
                });
    }

    @Override
    public Optional<String> resend(int partition, long offset) {
        return letters.resend(partition, offset);
    }

    @Override
    public void close() {
        follower.close();
        commands.close(Duration.ofSeconds(2));
    }
}
