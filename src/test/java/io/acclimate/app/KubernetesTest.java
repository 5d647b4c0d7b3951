package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.app.memory.MemoryEstimate;
import io.acclimate.app.memory.MemoryLimits;
import io.acclimate.app.memory.MemoryNeed;
import io.acclimate.app.options.ModelOptions;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.StreamsSettings;
import io.acclimate.onnx.ModelGraph;
import io.acclimate.serve.ServeSettings;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart is accepted by Helm, the kustomize base is what the chart makes, and both say what the code does. */
@Tag("slow")
class KubernetesTest {
    private static final Path CHART = Path.of("ops/kubernetes/helm/acclimate");
    private static final Path KUSTOMIZE = Path.of("ops/kubernetes/kustomize");
    private static final Path ALERTS = Path.of("ops/prometheus/alerts.yml");
    /** Writes what is made of other files, instead of comparing it. */
    private static final boolean WRITE = Boolean.getBoolean("acclimate.write-kubernetes");

    private static final Map<String, String> FOLDERS = Map.of(
            "account", "base",
            "disruption", "base",
            "serve", "base",
            "minibatch", "base",
            "adapt", "base",
            "web", "base",
            "pod-monitor", "monitoring",
            "prometheus-rule", "monitoring",
            "scaled-objects", "keda");

    private static String render(String... values) {
        var template = new Helm(CHART)
                .template()
                .withName("acclimate")
                .withNamespace("default")
                .withKubeVersion("1.31.0");
        for (String value : values) {
            int at = value.indexOf('=');
            template.set(value.substring(0, at), value.substring(at + 1));
        }
        return template.call();
    }

    /** What each template file of the chart makes, by its name. */
    private static Map<String, String> files(String rendered) {
        Map<String, StringBuilder> files = new TreeMap<>();
        for (String document : rendered.split("(?m)^---\n", -1)) {
            if (document.startsWith("# Source: ")) {
                int end = document.indexOf('\n');
                String name = document.substring(0, end).replaceFirst(".*/", "").replace(".yaml", "");
                StringBuilder file = files.computeIfAbsent(name, n -> new StringBuilder());
                file.append(file.isEmpty() ? "" : "---\n")
                        .append(document.substring(end + 1).strip())
                        .append('\n');
            }
        }
        Map<String, String> texts = new TreeMap<>();
        files.forEach((name, text) -> texts.put(name, text.toString()));
        return texts;
    }

    private static List<JsonNode> objects(String yaml) {
        List<JsonNode> objects = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(each -> objects.add(new ObjectMapper().valueToTree(each)));
        return objects;
    }

    private static JsonNode object(String yaml, String kind, String name) {
        return objects(yaml).stream()
                .filter(each -> each.path("kind").asText().equals(kind)
                        && each.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private static void assertSame(Path file, String expected) throws IOException {
        if (WRITE) {
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file))
                .as("%s; write it with -Dacclimate.write-kubernetes=true", file)
                .isEqualTo(expected);
    }

    @Test
    void helmFindsNothingToWarnOf() {
        LintResult result = new Helm(CHART).lint().strict().call();

        assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    }

    @Test
    void alertsOfTheChartAreThoseOfPrometheus() throws IOException {
        assertSame(CHART.resolve("files/alerts.yml"), Files.readString(ALERTS));

        JsonNode rule = object(render("monitoring.enabled=true"), "PrometheusRule", "acclimate");
        assertThat(rule.at("/spec"))
                .isEqualTo(objects(Files.readString(ALERTS)).get(0))
                .isNotEmpty();
    }

    @Test
    void kustomizeBaseIsWhatTheChartMakesOfItsOwnValues() throws IOException {
        alertsOfTheChartAreThoseOfPrometheus();
        Map<String, String> files = new TreeMap<>(files(render()));
        Map<String, String> optional = files(render("monitoring.enabled=true", "keda.enabled=true"));
        optional.forEach(files::putIfAbsent);

        assertThat(files).containsOnlyKeys(FOLDERS.keySet());
        for (Map.Entry<String, String> each : files.entrySet()) {
            String folder = FOLDERS.get(each.getKey());
            Path file = KUSTOMIZE.resolve(folder).resolve(each.getKey() + ".yaml");
            assertSame(file, each.getValue());
            assertThat(Files.readString(KUSTOMIZE.resolve(folder).resolve("kustomization.yaml")))
                    .contains("- " + each.getKey() + ".yaml");
        }
    }

    @Test
    void everyPodIsLockedDownAndProbed() {
        for (String role : List.of("serve", "minibatch", "adapt", "web")) {
            JsonNode pod = object(render(), role.equals("web") ? "Deployment" : "StatefulSet", "acclimate-" + role)
                    .at("/spec/template/spec");
            JsonNode container = pod.at("/containers/0");
            assertThat(container.at("/args/0").asText()).isEqualTo(role);
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(pod.at("/shareProcessNamespace").asBoolean())
                    .as("process 1 cannot kill itself")
                    .isTrue();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        }
    }

    @Test
    void scalesByTheGroupsThatTheRolesJoin() {
        String rendered = render("keda.enabled=true", "topicPrefix=east-");
        Topics topics = new Topics("east-");
        Map<String, List<String>> expected = Map.of(
                "serve",
                List.of("east-" + ServeSettings.defaults().membership().group(), topics.images()),
                "minibatch",
                List.of("east-" + MiniBatchSettings.defaults().membership().group(), topics.labels()),
                "adapt",
                List.of("east-" + AdaptSettings.defaults().membership().group(), topics.miniBatches()));
        expected.forEach((role, groupAndTopic) -> {
            JsonNode trigger =
                    object(rendered, "ScaledObject", "acclimate-" + role).at("/spec/triggers/0/metadata");
            assertThat(List.of(
                            trigger.get("consumerGroup").asText(),
                            trigger.get("topic").asText()))
                    .isEqualTo(groupAndTopic);
            assertThat(object(rendered, "StatefulSet", "acclimate-" + role).at("/spec/replicas"))
                    .as("KEDA decides how many")
                    .isEmpty();
        });
    }

    @Test
    void memoryOfEachRoleIsEnoughForTheBundledModel() throws Exception {
        ModelGraph model = new ModelOptions().graph();
        Map<String, MemoryNeed> needs = Map.of(
                "serve", MemoryEstimate.serve(model, ServeSettings.forProcessors(2)),
                "minibatch", MemoryEstimate.minibatch(model, StreamsSettings.defaults()),
                "adapt", MemoryEstimate.adapt(model, AdaptSettings.defaults()));
        JsonNode values =
                objects(Files.readString(CHART.resolve("values.yaml"))).get(0);
        needs.forEach((role, need) -> {
            JsonNode of = values.get(role);
            long limit =
                    Long.parseLong(of.at("/resources/limits/memory").asText().replace("Mi", "")) << 20;
            MemoryLimits limits = new MemoryLimits(limit * of.get("heapShare").asLong() / 100, limit);
            assertThat(need.refusal(limits)).isEmpty();
            assertThat(need.warning(limits)).isEmpty();
            assertThat(limit).as("room for what is not collected yet").isGreaterThan(2 * need.bytes());
        });
    }
}
