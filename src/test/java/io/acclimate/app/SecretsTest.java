package io.acclimate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--token=hush-hush",
                "--kafka=ssl.key.password=hush-hush",
                "ssl.keystore.passwrd=hush-hush",
                "sasl.jaas.config=Module required username=\"me\" password=\"hush-hush\";",
                "--my-secrt-token=hush-hush"
            })
    void valueOfASecretNameIsHidden(String argument) {
        assertThat(Secrets.of(List.of(argument), Map.of()).mask("bad value hush-hush here"))
                .isEqualTo("bad value [hidden] here");
    }

    @Test
    void variablesOfTheServiceAreHiddenAndThoseOfOthersAreNotLookedAt() {
        Secrets secrets = Secrets.of(List.of(), Map.of("ACCLIMATE_TOKEN", "hush-hush", "OTHER_TOKEN", "not-ours"));

        assertThat(secrets.mask("hush-hush not-ours")).isEqualTo("[hidden] not-ours");
    }

    @Test
    void longerSecretGoesFirstSoThatNoRestOfItIsLeft() {
        Secrets secrets = Secrets.of(List.of("--token=abcdef", "--my-token=abc"), Map.of());

        assertThat(secrets.mask("abcdef abc")).isEqualTo("[hidden] [hidden]");
    }

    @Test
    void ordinaryValuesStay() {
        assertThat(Secrets.of(List.of("--bootstrap=kafka:9092"), Map.of()).mask("no answer at kafka:9092"))
                .isEqualTo("no answer at kafka:9092");
    }

    @Test
    void tooShortAValueIsNotHiddenSinceItWouldHideHalfTheText() {
        assertThat(Secrets.of(List.of("--token=a"), Map.of()).mask("a man a plan"))
                .isEqualTo("a man a plan");
    }
}
