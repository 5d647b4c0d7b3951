package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.adapt.settings.AdaptSettings;
import io.acclimate.adapt.worker.Adapting;
import io.acclimate.core.Membership;
import io.acclimate.kafka.Rights;
import io.acclimate.minibatch.MiniBatchSettings;
import io.acclimate.minibatch.MiniBatching;
import io.acclimate.serve.ServeSettings;
import io.acclimate.serve.Serving;
import io.acclimate.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code ops/security.md} grants each role what the code asks of Kafka, and no more. */
class SecurityTableTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static List<Set<String>> row(String role) throws IOException {
        String line = Files.readAllLines(Path.of("ops", "security.md")).stream()
                .filter(each -> each.startsWith("| `" + role + "` | `"))
                .findFirst()
                .orElseThrow();
        return Stream.of(line.substring(1).split("\\|", -1))
                .map(SecurityTableTest::names)
                .toList();
    }

    private static Set<String> names(String cell) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = CODE.matcher(cell);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    static Stream<Arguments> roles() {
        return Stream.of(
                Arguments.of(
                        "serve",
                        Serving.rights(Topics.DEFAULT),
                        ServeSettings.defaults().membership()),
                Arguments.of(
                        "minibatch",
                        MiniBatching.rights(Topics.DEFAULT),
                        MiniBatchSettings.defaults().membership()),
                Arguments.of(
                        "adapt",
                        Adapting.rights(Topics.DEFAULT),
                        AdaptSettings.defaults().membership()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roles")
    void rowHasTheRightsAndTheGroupOfTheCode(String role, Rights rights, Membership membership) throws IOException {
        List<Set<String>> row = row(role);
        String group = "PREFIX" + membership.group();

        assertThat(row.get(1)).isEqualTo(rights.reads());
        assertThat(row.get(2)).isEqualTo(rights.writes());
        assertThat(row.get(3)).containsExactly(group);
        assertThat(row.get(4)).isNotEmpty().allMatch(id -> id.startsWith(group + "-"));
        String client = "PREFIX" + membership.withInstance("INSTANCE").clientId();
        assertThat(row.get(5)).anyMatch(id -> id.startsWith(client));
    }
}
