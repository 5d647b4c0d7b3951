package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
    private final HostRule loopback = new HostRule("127.0.0.1", List.of());

    private static boolean refuses(HostRule rule, String host) {
        return rule.refuse(Optional.of(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "localhost.",
                "127.0.0.1:8080",
                "10.1.2.3",
                "[::1]",
                "[::1]:8080",
                "[fe80::1%eth0]:8080"
            })
    void addressesAndNamesOfLoopbackAreAlwaysRight(String host) {
        assertThat(loopback.refuse(Optional.of(host))).isEmpty();
        assertThat(new HostRule("0.0.0.0", List.of("acclimate.example")).refuse(Optional.of(host)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example",
                "rebound.example:8080",
                "localhost.rebound.example",
                "127.0.0.1.rebound.example",
                "1.2.3.4.5",
                "",
                ":8080",
                "[not an address]",
                "localhost:8080:8080",
                "127.0.0.1@rebound.example"
            })
    void aServerOfThisMachineAnswersToNoOtherName(String host) {
        assertThat(loopback.allowsAnyName()).isFalse();
        assertThat(loopback.refuse(Optional.of(host)))
                .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(421));
    }

    @Test
    void aRefusalNamesTheHostAndTheOption() {
        assertThat(loopback.refuse(Optional.of("Rebound.Example:8080")).map(Problem::error))
                .hasValue("this process does not answer to the host name 'Rebound.Example:8080'; name it with"
                        + " --http-allowed-host rebound.example if it is right");
    }

    @Test
    void beyondLoopbackEveryNameIsRightUntilTheRightOnesAreListed() {
        HostRule open = new HostRule("0.0.0.0", List.of());
        HostRule listed = new HostRule("0.0.0.0", List.of("acclimate.example", "Web"));

        assertThat(open.allowsAnyName()).isTrue();
        assertThat(refuses(open, "acclimate-web.team.svc.cluster.local")).isFalse();
        assertThat(listed.allowsAnyName()).isFalse();
        assertThat(refuses(listed, "acclimate.example:443")).isFalse();
        assertThat(refuses(listed, "web")).isFalse();
        assertThat(refuses(listed, "acclimate-web.team.svc.cluster.local")).isTrue();
    }

    @Test
    void theNameThatIsListenedOnIsRight() {
        HostRule rule = new HostRule("localhost", List.of("proxy.example"));

        assertThat(refuses(rule, "localhost:80")).isFalse();
        assertThat(refuses(rule, "proxy.example")).isFalse();
        assertThat(refuses(rule, "other.example")).isTrue();
    }

    @Test
    void aStarIsEveryNameAlsoOnLoopback() {
        HostRule rule = new HostRule("127.0.0.1", List.of("*"));

        assertThat(rule.allowsAnyName()).isTrue();
        assertThat(refuses(rule, "any.example")).isFalse();
    }

    @Test
    void aRequestOfHttp10WithoutTheHeaderIsAnswered() {
        assertThat(loopback.refuse(Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://web", "web:8080", "", " web", "web/path", "*.example"})
    void aListedNameIsANameAlone(String name) {
        assertThatThrownBy(
                        () -> new WebSettings("0.0.0.0", 0, Optional.empty(), Optional.empty(), List.of("right", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
