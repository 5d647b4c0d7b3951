package io.acclimate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may write, and the settings that say so. */
class WritePolicyTest {
    private final WritePolicy policy = new WritePolicy(Optional.of("secret-ü"));

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret-ü", "bearer secret-ü", "BEARER  secret-ü "})
    void theTokenIsTakenWhateverTheCaseOfItsScheme(String header) {
        assertThat(policy.refuse(Optional.of(header))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret-ü", "Basic secret-ü", "Bearersecret-ü"})
    void aHeaderThatCarriesNoTokenIs401(String header) {
        assertThat(policy.refuse(Optional.of(header)))
                .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(401));
        assertThat(policy.refuse(Optional.empty()))
                .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(401));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer ", "Bearer secret", "Bearer secret-ü-and-more", "Bearer SECRET-Ü", "Bearer secret-u"})
    void anotherTokenIs403AndTheAnswerDoesNotSayTheRightOne(String header) {
        assertThat(policy.refuse(Optional.of(header))).hasValueSatisfying(problem -> {
            assertThat(problem.status()).isEqualTo(403);
            assertThat(problem.error()).doesNotContain("secret");
        });
    }

    @Test
    void withoutAConfiguredTokenNobodyMayWrite() {
        assertThat(new WritePolicy(Optional.empty()).refuse(Optional.of("Bearer anything")))
                .hasValueSatisfying(problem -> assertThat(problem.status()).isEqualTo(403));
    }

    @ParameterizedTest
    @CsvSource({
        "' ', 80, long-enough",
        "localhost, -1, long-enough",
        "localhost, 65536, long-enough",
        "localhost, 80, short"
    })
    void settingsThatCannotServeAreRefused(String host, int port, String token) {
        assertThatThrownBy(() -> new WebSettings(host, port, Optional.of(token)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(token);
    }

    @Test
    void settingsListenToThisMachineOnlyUnlessToldOtherwiseAndNeverSayTheToken() {
        assertThat(WebSettings.defaults().host()).isEqualTo("127.0.0.1");
        assertThat(WebSettings.defaults().token()).isEmpty();
        assertThat(new WebSettings("0.0.0.0", 0, Optional.of("a-secret-token")))
                .hasToString("WebSettings[host=0.0.0.0, port=0, token=set, tls=none, allowedHosts=[]]");
    }
}
