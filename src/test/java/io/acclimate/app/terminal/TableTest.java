package io.acclimate.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.acclimate.app.terminal.Table.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private static String printed(Paint paint) {
        Table table = new Table(Column.text("domain"), Column.number("version"), Column.text("why"));
        table.add(Style.PLAIN, "camera-17", "4", "better");
        table.add(Style.GOOD, "a", "*1204", "");
        table.add(Style.PLAIN, "short", "0");
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out), paint);
        return out.toString();
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellAndLinesEndWithoutBlanks() {
        assertThat(printed(Paint.NONE)).isEqualTo("""
                        DOMAIN     VERSION  WHY
                        camera-17        4  better
                        a            *1204
                        short            0
                        """);
    }

    @Test
    void coloursEndOnTheirOwnLine() {
        assertThat(printed(Paint.COLOURED).lines())
                .contains(
                        "\u001B[1mDOMAIN     VERSION  WHY\u001B[0m",
                        "camera-17        4  better",
                        "\u001B[32ma            *1204\u001B[0m");
    }

    @Test
    void aPipeGetsNoColour() {
        assertThat(Paint.of(Map.of("NO_COLOR", "1"))).isEqualTo(Paint.NONE);
    }

    @Test
    void anUndefinedFigureIsADashAndInJsonNull() {
        assertThat(Figures.percent(0.7174)).isEqualTo("71.7 %");
        assertThat(Figures.percent(Double.NaN)).isEqualTo("-");
        assertThat(Figures.millis(Double.NaN)).isEqualTo("-");
        assertThat(JsonOption.write(Map.of("accuracy", Double.NaN), false)).isEqualTo("{\"accuracy\":null}");
    }
}
