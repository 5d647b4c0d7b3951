package io.acclimate.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Serves the live page's files and the descriptions of the interfaces, and no others, so that no path from a request reaches the class
 * path or a disk.
 */
final class ServedFiles {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private record File(String path, String resource, String type) {}

    private static final List<File> PAGE = List.of(
            new File("/", "/io/acclimate/web/index.html", "text/html; charset=utf-8"),
            new File("/page.css", "/io/acclimate/web/page.css", "text/css; charset=utf-8"),
            module("page"),
            module("dom"),
            module("charts"),
            module("overview"),
            module("versions"),
            module("losses"),
            module("calibration"),
            module("labels"),
            module("pipeline"),
            module("actions"),
            new File("/icon.svg", "/io/acclimate/web/icon.svg", "image/svg+xml"),
            new File("/uplot.css", UPLOT + "uPlot.min.css", "text/css; charset=utf-8"),
            new File("/uplot.js", UPLOT + "uPlot.iife.min.js", "text/javascript; charset=utf-8"));

    /** OpenAPI for HTTP, AsyncAPI for the topics, as this build has them. */
    private static final List<File> DESCRIPTIONS = List.of(description("openapi.yaml"), description("asyncapi.yaml"));

    private ServedFiles() {}

    private static File module(String name) {
        return new File("/" + name + ".js", "/io/acclimate/web/" + name + ".js", "text/javascript; charset=utf-8");
    }

    /** A charset is not part of this type: YAML in it is UTF-8 (RFC 9512). */
    private static File description(String name) {
        return new File("/" + name, "/schemas/" + name, "application/yaml");
    }

    static void register(RoutesConfig routes) {
        for (File file : PAGE) {
            byte[] content = read(file.resource);
            routes.get(file.path, ctx -> ctx.contentType(file.type)
                    .header("Cache-Control", "no-cache")
                    .header(
                            "Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                                    + "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'")
                    .result(content));
        }
        for (File file : DESCRIPTIONS) {
            byte[] content = read(file.resource);
            routes.get(file.path, ctx -> ctx.contentType(file.type).result(content));
        }
    }

    private static byte[] read(String resource) {
        try (InputStream in = ServedFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + resource, e);
        }
    }
}
