package io.acclimate.app.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.acclimate.app.html.Plot.Point;
import io.acclimate.app.html.Plot.Series;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PlotTest {
    private static Document drawn(double top, List<Series> series) throws Exception {
        String svg = new Plot("a < b", "of \"all\"", top, series).svg();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> lines(Document figure) {
        NodeList paths = figure.getElementsByTagName("path");
        return IntStream.range(0, paths.getLength())
                .mapToObj(i -> paths.item(i).getAttributes().getNamedItem("d").getNodeValue())
                .toList();
    }

    private static Series line(double... values) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Point(10 * i, values[i]));
        }
        return new Series("served", points);
    }

    @Test
    void aLineGoesFromTheLowestLevelToTheHighest() throws Exception {
        assertThat(lines(drawn(1, List.of(line(0, 0.5, 1))))).containsExactly("M52.0 178.0L346.0 92.0L640.0 6.0");
    }

    @Test
    void aValueAboveTheTopIsDrawnAtTheTopAndOneBelowZeroAtTheBottom() throws Exception {
        assertThat(lines(drawn(2, List.of(line(5, -5))))).containsExactly("M52.0 6.0L640.0 178.0");
    }

    @Test
    void aPointThatIsNotDefinedInterruptsTheLine() throws Exception {
        assertThat(lines(drawn(1, List.of(line(0, Double.NaN, 1))))).containsExactly("M52.0 178.0M640.0 6.0");
    }

    @Test
    void theRightEdgeIsTheMostLabelsOfAllSeries() throws Exception {
        assertThat(lines(drawn(1, List.of(line(0, 0), line(0, 0, 0, 0, 0)))))
                .containsExactly(
                        "M52.0 178.0L199.0 178.0", "M52.0 178.0L199.0 178.0L346.0 178.0L493.0 178.0L640.0 178.0");
    }

    @Test
    void manyPointsAreThinnedToTheMeansOfNeighbours() throws Exception {
        double[] alternating = IntStream.range(0, 4000).mapToDouble(i -> i % 2).toArray();

        String path = lines(drawn(1, List.of(line(alternating)))).get(0);

        assertThat(path.split("[ML]")).hasSize(401);
        assertThat(path.substring(1).split("L")).allMatch(point -> point.endsWith(" 92.0"));
    }

    @Test
    void aPlotWithoutPointsIsWellFormedAndItsTextIsNoMarkup() throws Exception {
        Document figure = drawn(1, List.of(new Series("<b>", List.of())));

        assertThat(lines(figure)).containsExactly("");
        assertThat(figure.getElementsByTagName("figcaption").item(0).getTextContent())
                .contains("a < b", "of \"all\"", "<b>");
    }

    @Test
    void levelsAreShareOrNumberByTheTop() throws Exception {
        assertThat(drawn(1, List.of()).getDocumentElement().getTextContent()).contains("25 %", "100 %");
        assertThat(drawn(3, List.of()).getDocumentElement().getTextContent()).contains("0.75", "3.00");
    }

    @Test
    void aTopThatIsNotAboveZeroIsRefused() {
        for (double top : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> new Plot("a", "b", top, List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the top of a plot must be above 0, got " + top);
        }
    }
}
