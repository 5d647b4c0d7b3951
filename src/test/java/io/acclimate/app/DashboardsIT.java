package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.acclimate.broker.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Every query of the dashboards and alerts, asked of a real Prometheus that scrapes a running demo. */
@Tag("prometheus")
class DashboardsIT {
    private static final Path OPS = Path.of("ops");
    private static final Path JAR = Path.of("target", "acclimate.jar");
    private static final Pattern METER = Pattern.compile("\\b(?:acclimate|kafka|jvm|process)_[a-z_]+|\\bup\\b");
    /** Meters of what does not happen in a demo: faults. That their names are right is tested without Prometheus. */
    private static final Set<String> FAULTS =
            Set.of("acclimate_dead_letters_total", "acclimate_activations_refused_total");

    @TempDir(cleanup = CleanupMode.NEVER)
    Path folder;

    @Test
    void promtoolAcceptsConfigurationRulesAndTheirTests() throws Exception {
        Path prometheus = OPS.resolve("prometheus");
        assertThat(Prometheus.promtool(List.of(
                        "check", "config", prometheus.resolve("prometheus.yml").toString())))
                .contains("SUCCESS");
        assertThat(Prometheus.promtool(List.of(
                        "test", "rules", prometheus.resolve("alerts_test.yml").toString())))
                .contains("SUCCESS");
    }

    @Test
    void everyPanelAndAlertHasDataInARunningDemo() throws Exception {
        assertThat(JAR).as("package first").exists();
        int port = FreePort.take();
        Process demo = demo(port);
        try (Prometheus prometheus =
                new Prometheus(folder, "127.0.0.1:" + port, OPS.resolve("prometheus/alerts.yml"))) {
            Map<String, String> panels = panelQueries();
            assertThat(panels).hasSizeGreaterThan(45);
            Map<String, String> empty = new LinkedHashMap<>(panels);
            // What would serve in shadow mode, which a demo does not run in.
            empty.values().removeIf(query -> query.contains("model=\"shadow\""));
            await().failFast("the demo ended; see " + folder.resolve("demo.log"), () -> !demo.isAlive())
                    .pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofMinutes(6))
                    .untilAsserted(() -> {
                        for (Map.Entry<String, String> each : List.copyOf(empty.entrySet())) {
                            if (hasNumber(prometheus.query(each.getValue()))) {
                                empty.remove(each.getKey());
                            }
                        }
                        assertThat(empty).isEmpty();
                    });
            // A scrape that took longer than its second leaves a moment without data.
            await().pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> alertsAreUnderstoodAndHaveData(prometheus));
        } finally {
            demo.descendants().forEach(ProcessHandle::destroy);
            demo.destroy();
            if (!demo.waitFor(20, TimeUnit.SECONDS)) {
                demo.destroyForcibly();
            }
        }
    }

    private static void alertsAreUnderstoodAndHaveData(Prometheus prometheus) throws Exception {
        for (JsonNode group : prometheus.rules()) {
            for (JsonNode rule : group.get("rules")) {
                assertThat(rule.get("health").asText())
                        .as(rule.get("name").asText())
                        .isEqualTo("ok");
                for (String meter : meters(rule.get("query").asText())) {
                    if (!FAULTS.contains(meter)) {
                        assertThat(prometheus.query(meter))
                                .as("%s of %s", meter, rule.get("name").asText())
                                .isNotEmpty();
                    }
                }
            }
        }
    }

    private Process demo(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        JAR.toString(),
                        "demo",
                        "--images=6000",
                        "--kafka-port=0",
                        "--http-port=" + port,
                        "--linger=300")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("demo.log").toFile())
                .start();
    }

    /** Panel and target to expression, with Grafana's variables replaced by what Grafana would put there. */
    private static Map<String, String> panelQueries() throws IOException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String name : List.of("adaptation", "domains", "serving")) {
            JsonNode dashboard =
                    new ObjectMapper().readTree(Files.readString(OPS.resolve("grafana/dashboards/" + name + ".json")));
            for (JsonNode panel : dashboard.get("panels")) {
                // A row has none.
                for (JsonNode target : panel.path("targets")) {
                    queries.put(
                            name + ": " + panel.get("title").asText() + " "
                                    + target.get("refId").asText(),
                            expression(target));
                }
            }
            for (JsonNode annotation : dashboard.get("annotations").get("list")) {
                queries.put(name + ": annotation " + annotation.get("name").asText(), expression(annotation));
            }
        }
        return queries;
    }

    private static String expression(JsonNode target) {
        return target.get("expr")
                .asText()
                .replace("$__rate_interval", "20s")
                .replaceAll("\\$(domain|job|instance)", ".+");
    }

    private static Set<String> meters(String query) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METER.matcher(query);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private static boolean hasNumber(JsonNode samples) {
        for (JsonNode sample : samples) {
            if (!sample.get("value").get(1).asText().equals("NaN")) {
                return true;
            }
        }
        return false;
    }
}
