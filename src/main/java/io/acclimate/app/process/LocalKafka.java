package io.acclimate.app.process;

import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The embedded broker of {@code demo} and {@code up}, in a folder that is kept or in one that is deleted at the end. */
public final class LocalKafka implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final Optional<Path> temporary;

    private LocalKafka(EmbeddedBroker broker, Optional<Path> temporary) {
        this.broker = broker;
        this.temporary = temporary;
    }

    public static LocalKafka keeping(Path folder, int port) throws Exception {
        Files.createDirectories(folder);
        return new LocalKafka(EmbeddedBroker.start(new EmbeddedBrokerSettings(folder, port)), Optional.empty());
    }

    public static LocalKafka temporary(int port) throws Exception {
        Path folder = Files.createTempDirectory("acclimate-demo");
        return new LocalKafka(EmbeddedBroker.start(new EmbeddedBrokerSettings(folder, port)), Optional.of(folder));
    }

    public String bootstrap() {
        return broker.bootstrapServers();
    }

    public Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    @Override
    public void close() {
        broker.close();
        temporary.ifPresent(LocalKafka::delete);
    }

    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
