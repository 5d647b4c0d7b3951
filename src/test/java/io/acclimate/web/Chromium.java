package io.acclimate.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A headless Chromium driven over its DevTools protocol: needs the browser only, no driver and no library. */
public final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ObjectMapper json = new ObjectMapper();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Process process;
    private final WebSocket socket;

    /** @param profile an empty folder */
    public Chromium(Path profile, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                System.getProperty("acclimate.chromium", "/usr/bin/chromium"),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--window-size=1320,1180",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
        command.addAll(List.of(arguments));
        command.add("about:blank");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("chromium.log").toFile())
                .start();
        try {
            Path ready = profile.resolve("DevToolsActivePort");
            Awaitility.await("a DevTools port")
                    .atMost(PATIENCE)
                    .until(() ->
                            Files.exists(ready) && Files.readAllLines(ready).size() >= 2);
            int port = Integer.parseInt(Files.readAllLines(ready).get(0));
            HttpClient client = HttpClient.newHttpClient();
            socket = client.newWebSocketBuilder()
                    .buildAsync(pageSocket(client, port), new Listener())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
        send("Runtime.enable", Map.of());
        send("Log.enable", Map.of());
        send("Page.enable", Map.of());
    }

    private URI pageSocket(HttpClient client, int port) throws IOException, InterruptedException {
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        for (JsonNode target :
                json.readTree(client.send(list, BodyHandlers.ofString()).body())) {
            if (target.get("type").asText().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").asText());
            }
        }
        throw new IOException("Chromium has no page");
    }

    public JsonNode send(String method, Map<String, ?> parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        socket.sendText(json.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    public void open(URI url) throws Exception {
        send("Page.navigate", Map.of("url", url.toString()));
    }

    /** The JSON value of a script expression. */
    public JsonNode eval(String expression) throws Exception {
        JsonNode answer = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    public String text(String selector) throws Exception {
        return eval("(document.querySelector('" + selector + "') || {textContent: ''}).textContent")
                .asText();
    }

    public void screenshot(Path file) throws Exception {
        JsonNode answer = send("Page.captureScreenshot", Map.of("captureBeyondViewport", true));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(answer.get("data").asText()));
    }

    /** What the window shows, without what is outside of it. */
    public void screenshotOfWindow(Path file) throws Exception {
        JsonNode answer = send("Page.captureScreenshot", Map.of());
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(answer.get("data").asText()));
    }

    /** Waits until the page was drawn with all that was changed before. */
    public void afterNextFrame() throws Exception {
        eval(
                "window.drawn = false; requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn = true; })); 1");
        Awaitility.await("a frame").atMost(PATIENCE).until(() -> eval("window.drawn")
                .asBoolean());
    }

    /** Console errors and warnings, exceptions, failed loads. */
    public List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                take(message.toString());
                message.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(data);
        }

        private void take(String text) {
            try {
                JsonNode node = json.readTree(text);
                if (node.has("id")) {
                    CompletableFuture<JsonNode> answer =
                            pending.remove(node.get("id").asInt());
                    if (answer != null) {
                        answer.complete(node.path("result"));
                    }
                    return;
                }
                String method = node.path("method").asText();
                boolean bad = method.equals("Runtime.exceptionThrown")
                        || (method.equals("Log.entryAdded")
                                && !node.at("/params/entry/level").asText().equals("verbose"))
                        || (method.equals("Runtime.consoleAPICalled")
                                && List.of("error", "warning", "assert")
                                        .contains(node.at("/params/type").asText()));
                if (bad) {
                    complaints.add(text);
                }
            } catch (IOException e) {
                complaints.add("unreadable: " + text);
            }
        }
    }
}
