package io.acclimate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands under ops/ speaks of meters that exist, and explains itself. */
class OpsFilesTest {
    private static final Path OPS = Path.of("ops");
    private static final Pattern OURS = Pattern.compile("\\bacclimate_[a-z_]+");

    private static Set<String> unknownMeters(String text) {
        Set<String> known =
                Arrays.stream(Meter.values()).map(Meter::prometheusName).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        Matcher matcher = OURS.matcher(text);
        while (matcher.find()) {
            if (!known.contains(matcher.group().replaceFirst("_(bucket|sum|count)$", ""))) {
                unknown.add(matcher.group());
            }
        }
        return unknown;
    }

    private static List<String> alerts() throws IOException {
        List<String> names = new ArrayList<>();
        Matcher matcher =
                Pattern.compile("- alert: (\\w+)").matcher(Files.readString(OPS.resolve("prometheus/alerts.yml")));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grafana/dashboards/adaptation.json",
                "grafana/dashboards/domains.json",
                "grafana/dashboards/serving.json",
                "prometheus/alerts.yml",
                "prometheus/alerts_test.yml",
                "runbook.md"
            })
    void namesOnlyMetersThatExist(String file) throws IOException {
        assertThat(unknownMeters(Files.readString(OPS.resolve(file)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"adaptation", "domains", "serving"})
    void everyPanelHasAUnitAndSaysWhatToDo(String name) throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(OPS.resolve("grafana/dashboards/" + name + ".json").toFile());
        for (JsonNode panel : dashboard.get("panels")) {
            String title = panel.get("title").asText();
            if (panel.get("type").asText().equals("row")) {
                continue;
            }
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.get("description").asText())
                    .as(title)
                    .hasSizeGreaterThan(60)
                    .endsWith(".");
            assertThat(panel.get("targets")).as(title).isNotEmpty();
            assertThat(panel.get("targets"))
                    .as("queries of a letter, of which Grafana takes one: " + title)
                    .extracting(target -> target.get("refId").asText())
                    .doesNotHaveDuplicates();
        }
    }

    /** A dashboard works in any Grafana: its user chooses data source, job and instance, and every query goes by that choice. */
    @ParameterizedTest
    @ValueSource(strings = {"adaptation", "domains", "serving"})
    void everyQueryGoesByTheChosenDataSourceJobAndInstance(String name) throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(OPS.resolve("grafana/dashboards/" + name + ".json").toFile());

        assertThat(dashboard.at("/templating/list"))
                .extracting(variable -> variable.get("name").asText())
                .containsExactly("datasource", "job", "instance", "domain");
        assertThat(dashboard.findValues("datasource"))
                .allSatisfy(source -> assertThat(source.get("uid").asText()).isEqualTo("${datasource}"));
        assertThat(dashboard.findValuesAsText("expr")).hasSizeGreaterThan(15).allSatisfy(query -> {
            Matcher meter = Pattern.compile("\\b(?:acclimate|kafka|jvm|process|disk)_[a-z_]+(.{0,40})")
                    .matcher(query);
            while (meter.find()) {
                assertThat(meter.group(1)).as(query).startsWith("{job=~\"$job\", instance=~\"$instance\"");
            }
        });
        assertThat(dashboard.at("/panels/0/title").asText()).isEqualTo("State");
    }

    @Test
    void everyLinkOfAnAlertLeadsToAHeadingOfTheRunbook() throws IOException {
        Set<String> anchors = Files.readAllLines(OPS.resolve("runbook.md")).stream()
                .filter(line -> line.startsWith("## "))
                .map(line ->
                        line.substring("## ".length()).toLowerCase(Locale.ROOT).replace(' ', '-'))
                .collect(Collectors.toSet());
        List<String> links = Files.readAllLines(OPS.resolve("prometheus/alerts.yml")).stream()
                .filter(line -> line.contains(" runbook_url: ops/runbook.md#"))
                .map(line -> line.substring(line.indexOf('#') + 1))
                .toList();

        assertThat(links).hasSameSizeAs(alerts()).doesNotHaveDuplicates().isSubsetOf(anchors);
    }

    @Test
    void everyAlertHasATestAndAnEntryInTheRunbook() throws IOException {
        String tests = Files.readString(OPS.resolve("prometheus/alerts_test.yml"));
        String runbook = Files.readString(OPS.resolve("runbook.md"));
        String rules = Files.readString(OPS.resolve("prometheus/alerts.yml"));
        assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
            assertThat(tests).contains("alertname: " + alert);
            assertThat(runbook).contains("\n## " + alert + "\n");
            assertThat(rules).contains("runbook_url: ops/runbook.md#" + alert.toLowerCase(Locale.ROOT) + "\n");
        });
    }

    @Test
    void bothImagesHaveTheSameEnvironment() throws IOException {
        String dockerfile = Files.readString(OPS.resolve("docker/Dockerfile"));
        String variables = dockerfile.substring(dockerfile.indexOf("\nENV "), dockerfile.indexOf("\nEXPOSE"));
        String pom = Files.readString(Path.of("pom.xml"));
        String ofJib = pom.substring(pom.indexOf("<environment>"), pom.indexOf("</environment>"));

        // The plugin has flags of the JVM in a list of their own.
        assertThat(pairs("\\b([A-Z_]+)=([^\\s\"]+) ", variables))
                .contains("MALLOC_ARENA_MAX 2")
                .isEqualTo(pairs("<([A-Z_]+)>([^<]+)</", ofJib));
    }

    private static Set<String> pairs(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(each -> each.group(1) + " " + each.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
