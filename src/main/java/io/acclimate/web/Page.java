package io.acclimate.web;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Serves the live page's files and no others, so that no path from a request reaches the class path or a disk. */
final class Page {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private record File(String path, String resource, String type) {}

    private static final List<File> FILES = List.of(
            new File("/", "/io/acclimate/web/index.html", "text/html; charset=utf-8"),
            new File("/page.css", "/io/acclimate/web/page.css", "text/css; charset=utf-8"),
            module("page"),
            module("dom"),
            module("charts"),
            module("overview"),
            module("versions"),
            module("labels"),
            module("pipeline"),
            module("actions"),
            new File("/icon.svg", "/io/acclimate/web/icon.svg", "image/svg+xml"),
            new File("/uplot.css", UPLOT + "uPlot.min.css", "text/css; charset=utf-8"),
            new File("/uplot.js", UPLOT + "uPlot.iife.min.js", "text/javascript; charset=utf-8"));

    private Page() {}

    private static File module(String name) {
        return new File("/" + name + ".js", "/io/acclimate/web/" + name + ".js", "text/javascript; charset=utf-8");
    }

    static void register(RoutesConfig routes) {
        for (File file : FILES) {
            byte[] content = read(file.resource);
            routes.get(file.path, ctx -> ctx.contentType(file.type)
                    .header("Cache-Control", "no-cache")
                    .header(
                            "Content-Security-Policy",
                            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                                    + "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'")
                    .result(content));
        }
    }

    private static byte[] read(String resource) {
        try (InputStream in = Page.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + resource, e);
        }
    }
}
