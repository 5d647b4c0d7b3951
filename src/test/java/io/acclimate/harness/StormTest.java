package io.acclimate.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StormTest {
    @ParameterizedTest
    @CsvSource({
        "0, true, true",
        "0, false, true",
        "143, false, true",
        "143, true, false",
        "137, false, false",
        "1, false, false",
        "-1, false, false"
    })
    void onlyAProcessThatHasNotBegunMayEndByTheSignalItself(int exitCode, boolean begun, boolean right) {
        assertThat(Storm.isRight(exitCode, begun)).isEqualTo(right);
    }
}
