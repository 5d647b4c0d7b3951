package io.acclimate.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void aShareIsAPercentageWithOneDigitInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);

            assertThat(Figures.percent(0.71657)).isEqualTo("71.7 %");
            assertThat(Figures.percent(OptionalDouble.of(1))).isEqualTo("100.0 %");
            assertThat(Figures.millis(7.25)).isEqualTo("7.3 ms");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void millisecondsFromAHundredOnHaveNoFraction() {
        assertThat(Figures.millis(99.94)).isEqualTo("99.9 ms");
        assertThat(Figures.millis(100)).isEqualTo("100 ms");
        assertThat(Figures.millis(442.4)).isEqualTo("442 ms");
    }

    @Test
    void whatIsNotDefinedIsADash() {
        assertThat(Figures.percent(Double.NaN)).isEqualTo("-");
        assertThat(Figures.percent(OptionalDouble.empty())).isEqualTo("-");
        assertThat(Figures.millis(Double.POSITIVE_INFINITY)).isEqualTo("-");
    }

    @Test
    void aFigureThatIsNoneIsNotDefined() {
        assertThat(Figures.parse("0.25")).isEqualTo(0.25);
        assertThat(Figures.parse("")).isNaN();
        assertThat(Figures.parse("many")).isNaN();
    }

    @Test
    void jsonHasNullForWhatIsNotDefinedHoweverDeepItLies() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("accuracy", Double.NaN);
        result.put("all", List.of(1, Float.NEGATIVE_INFINITY, Map.of("loss", Double.NaN)));

        assertThat(JsonOption.write(result, false)).isEqualTo("{\"accuracy\":null,\"all\":[1,null,{\"loss\":null}]}");
    }

    @Test
    void aLineOfJsonIsOneLineAndAResultIsSeveral() {
        StringWriter line = new StringWriter();
        StringWriter result = new StringWriter();

        JsonOption.line(Map.of("a", 1), new PrintWriter(line));
        JsonOption.print(Map.of("a", 1), new PrintWriter(result));

        assertThat(line.toString().lines()).containsExactly("{\"a\":1}");
        assertThat(result.toString().lines()).containsExactly("{", "  \"a\" : 1", "}");
    }
}
