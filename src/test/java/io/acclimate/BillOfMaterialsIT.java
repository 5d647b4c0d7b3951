package io.acclimate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Audits what is shipped, from the bill of materials that the build has made just before. It needs no network, so what it knows
 * of faults is the list below and not a database: a library below its floor has a published fault that our use could reach. Raise
 * a floor when an advisory says so.
 */
class BillOfMaterialsIT {
    private static final Path BILL = Path.of("target", "bom.json");

    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "BSD-4-Clause",
            "CC0-1.0",
            "EPL-2.0",
            "Go License",
            "GPL-2.0-with-classpath-exception");

    /** Group and name, or group alone, to the first version without a known fault. */
    private static final Map<String, String> FLOORS = Map.ofEntries(
            Map.entry("org.apache.logging.log4j", "2.25.3"),
            Map.entry("org.apache.kafka", "3.9.1"),
            Map.entry("com.fasterxml.jackson.core:jackson-core", "2.18.6"),
            Map.entry("com.fasterxml.jackson.core:jackson-databind", "2.18.6"),
            Map.entry("com.google.protobuf", "4.28.2"),
            Map.entry("com.google.code.gson:gson", "2.8.9"),
            Map.entry("com.google.guava:guava", "32.0.1"),
            Map.entry("org.yaml:snakeyaml", "2.0"),
            Map.entry("org.eclipse.jetty", "12.0.25"),
            Map.entry("org.eclipse.jetty.ee10", "12.0.25"),
            Map.entry("at.yawk.lz4:lz4-java", "1.10.1"),
            Map.entry("org.xerial.snappy:snappy-java", "1.1.10.4"),
            Map.entry("org.apache.commons:commons-compress", "1.26.0"),
            Map.entry("org.apache.commons:commons-lang3", "3.18.0"),
            Map.entry("commons-io:commons-io", "2.14.0"),
            Map.entry("commons-collections:commons-collections", "3.2.2"),
            Map.entry("commons-beanutils:commons-beanutils", "1.11.0"));

    /** Abandoned, and with faults that nobody mends. */
    private static final Set<String> BANNED = Set.of(
            "log4j:log4j",
            "org.lz4:lz4-java",
            "org.codehaus.jackson:jackson-mapper-asl",
            "javax.servlet:javax.servlet-api");

    private record Component(String group, String name, Version version, List<String> licences) {
        String id() {
            return group + ":" + name;
        }
    }

    @Test
    void everyLibraryHasALicenceThatAllowsToShipIt() throws IOException {
        assertThat(components()).hasSizeGreaterThan(50).allSatisfy(component -> assertThat(component.licences())
                .as(component.id())
                .anyMatch(LICENCES::contains));
    }

    @Test
    void noLibraryIsBelowTheVersionThatMendsItsFaultsOrBanned() throws IOException {
        for (Component component : components()) {
            assertThat(BANNED).as("abandoned libraries").doesNotContain(component.id());
            String floor = FLOORS.getOrDefault(component.id(), FLOORS.getOrDefault(component.group(), "0"));
            assertThat(component.version()).as(component.id()).isGreaterThanOrEqualTo(Version.parse(floor));
            assertThat(component.version().toString()).as(component.id()).doesNotContainIgnoringCase("snapshot");
        }
    }

    @Test
    void noLibraryIsThereTwice() throws IOException {
        Map<String, Set<String>> versions = new TreeMap<>();
        for (Component component : components()) {
            versions.computeIfAbsent(component.id(), id -> new TreeSet<>())
                    .add(component.version().toString());
        }
        assertThat(versions).allSatisfy((id, all) -> assertThat(all).as(id).hasSize(1));
    }

    private static List<Component> components() throws IOException {
        List<Component> components = new ArrayList<>();
        for (JsonNode each : new ObjectMapper().readTree(BILL.toFile()).path("components")) {
            List<String> licences = new ArrayList<>();
            for (JsonNode licence : each.path("licenses")) {
                JsonNode named = licence.path("license");
                licences.add(named.path("id")
                        .asText(named.path("name")
                                .asText(licence.path("expression").asText())));
            }
            components.add(new Component(
                    each.path("group").asText(),
                    each.path("name").asText(),
                    Version.parse(each.path("version").asText()),
                    licences));
        }
        return components;
    }
}
