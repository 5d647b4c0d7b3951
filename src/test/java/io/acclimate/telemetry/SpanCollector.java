package io.acclimate.telemetry;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A collector in this process that takes spans by OTLP over HTTP, as any collector of OpenTelemetry does. */
public final class SpanCollector implements AutoCloseable {
    private final Queue<ExportTraceServiceRequest> requests = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    public SpanCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            requests.add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** A span in the words of a test. Ids are in hexadecimal digits. */
    public record Seen(
            String name, String trace, String id, String parent, Map<String, String> attributes, Span whole) {
        private static Seen of(Span span) {
            HexFormat hex = HexFormat.of();
            return new Seen(
                    span.getName(),
                    hex.formatHex(span.getTraceId().toByteArray()),
                    hex.formatHex(span.getSpanId().toByteArray()),
                    hex.formatHex(span.getParentSpanId().toByteArray()),
                    span.getAttributesList().stream().collect(Collectors.toMap(KeyValue::getKey, SpanCollector::text)),
                    span);
        }
    }

    private static String text(KeyValue attribute) {
        return attribute.getValue().hasIntValue()
                ? Long.toString(attribute.getValue().getIntValue())
                : attribute.getValue().getStringValue();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    /** All spans so far, in the order in which they were sent. */
    public List<Seen> spans() {
        return all(request -> request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .map(Seen::of)
                .toList());
    }

    /** The names of the services that sent spans. */
    public List<String> services() {
        return all(request -> request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getResource().getAttributesList().stream())
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(SpanCollector::text)
                .toList());
    }

    private <T> List<T> all(Function<ExportTraceServiceRequest, List<T>> what) {
        return requests.stream()
                .flatMap(request -> what.apply(request).stream())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
