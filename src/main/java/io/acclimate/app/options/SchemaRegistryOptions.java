package io.acclimate.app.options;

import io.acclimate.wire.SchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The registry that gives schemas the ids which records in its frame carry. */
@Heading("Schema registry")
public final class SchemaRegistryOptions {
    public static final String CREDENTIALS_VARIABLE = "ACCLIMATE_SCHEMA_REGISTRY_CREDENTIALS";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            description =
                    "A schema registry with Confluent's interface, which the format PROTOBUF_REGISTRY needs. Apicurio has that interface"
                            + " at /apis/ccompat/v7.")
    Optional<URI> url = Optional.empty();

    @Option(
            names = "--schema-registry-credentials-file",
            paramLabel = "FILE",
            description = "A file with USER:PASSWORD for the schema registry; or set " + CREDENTIALS_VARIABLE + ".")
    Optional<Path> credentialsFile = Optional.empty();

    public SchemaRegistry registry(Map<String, String> environment) throws IOException {
        if (url.isEmpty()) {
            throw new IllegalArgumentException("the format PROTOBUF_REGISTRY needs --schema-registry URL");
        }
        Optional<String> credentials = credentialsFile.isPresent()
                ? Optional.of(Files.readString(credentialsFile.get()).strip())
                : Optional.ofNullable(environment.get(CREDENTIALS_VARIABLE));
        return new SchemaRegistry(url.get(), credentials, TIMEOUT);
    }
}
