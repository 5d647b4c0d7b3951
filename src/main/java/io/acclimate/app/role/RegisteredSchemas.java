package io.acclimate.app.role;

import io.acclimate.app.options.SchemaRegistryOptions;
import io.acclimate.app.process.Role;
import io.acclimate.app.process.Shutdown;
import io.acclimate.telemetry.Health;
import io.acclimate.wire.Encoding;
import io.acclimate.wire.Registration;
import io.acclimate.wire.SchemaRegistry;
import io.acclimate.wire.TopicSchema;
import io.acclimate.wire.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the schema registry before the roles start, without a limit, and reports that it waits. A registry that refuses a schema
 * ends the start. Once the ids are known the registry may go away. The starting thread calls it; any thread may call {@code check}.
 */
final class RegisteredSchemas {
    private static final Logger LOG = LoggerFactory.getLogger(RegisteredSchemas.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final Map<TopicSchema, SchemaRegistry> wanted = new LinkedHashMap<>();
    private volatile Health health = Health.notReady("the schema registry to be asked");

    /** The encoding of a topic in {@code format}. If that has the registry's frame, {@link #await} registers the topic's schema. */
    Encoding encoding(WireFormat format, SchemaRegistryOptions options, TopicSchema schema) throws IOException {
        if (format != WireFormat.PROTOBUF_REGISTRY) {
            return Encoding.of(format);
        }
        wanted.put(schema, options.registry(System.getenv()));
        return Encoding.framed(schema);
    }

    /** Returns nothing when no topic is written in the registry's frame. */
    Optional<Role> role() {
        return wanted.isEmpty() ? Optional.empty() : Optional.of(Role.of("schemas", () -> {}, () -> health, () -> {}));
    }

    /** Returns false when a stop comes first. */
    boolean await(Shutdown shutdown) throws IOException, InterruptedException {
        for (Map.Entry<TopicSchema, SchemaRegistry> each : wanted.entrySet()) {
            while (!registered(each.getKey(), each.getValue())) {
                if (shutdown.await(BETWEEN_ATTEMPTS)) {
                    return false;
                }
            }
        }
        health = Health.READY;
        return true;
    }

    private boolean registered(TopicSchema schema, SchemaRegistry registry) throws IOException, InterruptedException {
        Registration answer = registry.register(schema);
        if (answer instanceof Registration.Refused refused) {
            throw new IOException(refused.message());
        }
        if (answer instanceof Registration.Away away) {
            health = Health.notReady("the schema registry: " + away.message());
            LOG.warn("asking again: {}", away.message());
            return false;
        }
        LOG.info("{} has schema {} at {}", schema.subject(), ((Registration.Registered) answer).id(), registry.url());
        return true;
    }
}
