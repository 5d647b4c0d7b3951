package io.acclimate.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Serves the descriptions of the interfaces that this build has: OpenAPI for HTTP, AsyncAPI for the topics. */
final class Descriptions {
    private static final List<String> FILES = List.of("openapi.yaml", "asyncapi.yaml");

    private Descriptions() {}

    static void register(RoutesConfig routes) {
        for (String file : FILES) {
            byte[] content = read("/schemas/" + file);
            // A charset is not part of this type: YAML in it is UTF-8 (RFC 9512).
            routes.get("/" + file, ctx -> ctx.contentType("application/yaml").result(content));
        }
    }

    private static byte[] read(String resource) {
        try (InputStream in = Descriptions.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + resource, e);
        }
    }
}
