package io.acclimate.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.acclimate.app.Main;
import io.acclimate.broker.EmbeddedBroker;
import io.acclimate.broker.EmbeddedBrokerSettings;
import io.acclimate.broker.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every role as a process would run it, against a broker that is not there, comes, goes and comes again. */
class BrokersAwayIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    @Test
    void fault03WithAllBrokersAwayEachRoleIsLiveNotReadySaysWhatItWaitsForAndRecoversAlone() throws Exception {
        int kafka = FreePort.take();
        EmbeddedBrokerSettings settings = new EmbeddedBrokerSettings(folder.resolve("kafka"), kafka);
        Map<String, Thread> roles = new LinkedHashMap<>();
        for (String role : new String[] {"serve", "minibatch", "adapt", "web"}) {
            ports.put(role, FreePort.take());
            Thread thread = new Thread(() -> run(role, kafka), role);
            thread.setDaemon(true);
            roles.put(role, thread);
            thread.start();
        }
        try {
            eachIsLiveAndWaitsForKafka("127.0.0.1:" + kafka);
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                eachIsReady();
                assertThat(broker.port()).isEqualTo(kafka);
            }
            eachIsLiveAndWaitsForKafka("");
            try (EmbeddedBroker broker = EmbeddedBroker.start(settings)) {
                eachIsReady();
                assertThat(broker.port()).isEqualTo(kafka);
                roles.values().forEach(Thread::interrupt);
                for (Thread role : roles.values()) {
                    role.join(LIMIT.toMillis());
                    assertThat(role.isAlive()).isFalse();
                }
            }
        } finally {
            roles.values().forEach(Thread::interrupt);
        }
    }

    private void run(String role, int kafka) {
        String[] own =
                role.equals("minibatch") ? new String[] {"--state-dir=" + folder.resolve("state")} : new String[0];
        String[] arguments = new String[own.length + 8];
        System.arraycopy(
                new String[] {
                    role,
                    "--bootstrap=127.0.0.1:" + kafka,
                    "--http-port=" + ports.get(role),
                    "--instance=" + role,
                    "-Kdefault.api.timeout.ms=5000",
                    "-Krequest.timeout.ms=2000",
                    "-Kreconnect.backoff.max.ms=500",
                    "--image-partitions=2"
                },
                0,
                arguments,
                0,
                8);
        System.arraycopy(own, 0, arguments, 8, own.length);
        Main.run(arguments, Map.of());
    }

    private void eachIsLiveAndWaitsForKafka(String named) {
        ports.keySet().forEach(role -> {
            await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
                HttpResponse<String> ready = get(role, "/health/ready");
                assertThat(ready.statusCode()).as(ready.body()).isEqualTo(503);
                assertThat(ready.body()).contains("waitingFor").contains(named);
            });
            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> get(role, "/health/live").statusCode() == 200);
        });
    }

    private void eachIsReady() {
        ports.keySet().forEach(role -> await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            HttpResponse<String> ready = get(role, "/health/ready");
            assertThat(ready.statusCode()).as(role + " " + ready.body()).isEqualTo(200);
        }));
    }

    private HttpResponse<String> get(String role, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + ports.get(role) + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
