package io.acclimate.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.acclimate.app.html.Plot;
import io.acclimate.app.report.ReportPage.Domain;
import io.acclimate.app.verbs.EventText;
import io.acclimate.core.AdaptationEvent;
import io.acclimate.core.AdaptationEvent.Judged;
import io.acclimate.core.AdaptationEvent.Trained;
import io.acclimate.core.DomainId;
import io.acclimate.core.GateDecision;
import java.io.StringReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportPageTest {
    private static final DomainId CAMERA = new DomainId("camera-1");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final History history = new History(CAMERA);

    private void rounds(int count, int served, int source) {
        for (int i = 0; i < count; i++) {
            history.add(
                    new Trained(CAMERA, AT, i, 32, 4, 1, served, source, 8, 0, Map.of("total", 1.5, "target", 0.5)));
        }
    }

    private String page() {
        return new ReportPage(AT, "kafka:9092", List.of(new Domain(history, List.of(), 1)), EventText::of).html();
    }

    @Test
    void accuraciesAreOverAllLabelsAndTheLineIsOverTheWindow() {
        rounds(50, 8, 4);
        rounds(8, 32, 0);

        assertThat(history.labels()).isEqualTo(58 * 32);
        assertThat(history.served()).isCloseTo((50 * 8 + 8 * 32) / (58 * 32.0), within(1e-9));
        List<Plot.Point> line = history.accuracy().series().get(0).points();
        assertThat(line.get(49).value()).isEqualTo(0.25);
        assertThat(line.get(57).value()).isEqualTo(1);
    }

    @Test
    void thePageSaysWhatHappenedAndIsWellFormed() throws Exception {
        rounds(3, 20, 10);
        history.add(new Judged(CAMERA, AT, 1, 0, new GateDecision.Promote(), 0.7174, Double.NaN, 0.2, 64));
        history.add(new AdaptationEvent.Controlled(CAMERA, AT, "id", "pause", true, "<script>alert(1)</script>"));

        String page = page();

        assertThat(page)
                .contains("Domain camera-1", "62.5 %", "31.3 %", "1 promote", "&lt;script&gt;")
                .doesNotContain("<script", "NaN");
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</body>") + "</body>".length());
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(body)))
                        .getElementsByTagName("svg")
                        .getLength())
                .isEqualTo(3);
    }

    @Test
    void eventsOfEveryRoundAreNotOnTheListOfWhatHappened() {
        var paused = new AdaptationEvent.Controlled(CAMERA, AT, "id", "pause", true, "paused");
        var calibrated = new AdaptationEvent.Calibrated(CAMERA, AT, 1, 1.5, 64, 0.2, 0.1);
        history.add(paused);
        for (int i = 0; i < 300; i++) {
            history.add(new AdaptationEvent.Answered(
                    CAMERA, AT, i, 1, AT, AT, List.of(new AdaptationEvent.Answered.Answers("cat", "cat", "dog", 3))));
        }
        history.add(calibrated);

        assertThat(history.others()).containsExactly(paused, calibrated);
    }

    @Test
    void aDomainWithoutLabelsHasNoPlots() {
        assertThat(page()).contains("Domain camera-1", "labels").doesNotContain("<svg", "NaN");
    }

    @Test
    void aLongHistoryIsThinned() {
        rounds(20_000, 20, 10);

        assertThat(page().length()).isLessThan(100_000);
    }

    @Test
    void aRefusedCommandIsNoDomainByItselfAndIsToldOfOneThatIs() {
        Map<DomainId, History> histories = new TreeMap<>();
        AdaptationEvent refused =
                new AdaptationEvent.Controlled(CAMERA, AT, "id", "retire", false, "there is no domain camera-1");

        ReportCommand.add(refused, histories);
        assertThat(histories).isEmpty();

        ReportCommand.add(new AdaptationEvent.Controlled(CAMERA, AT, "id", "pause", true, "paused"), histories);
        ReportCommand.add(refused, histories);
        assertThat(histories.values())
                .singleElement()
                .satisfies(known -> assertThat(known.others()).hasSize(2).endsWith(refused));
    }
}
